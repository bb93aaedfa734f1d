// Tests of Payment.Service.
