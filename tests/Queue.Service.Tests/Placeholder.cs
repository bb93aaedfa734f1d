// Tests of Queue.Service.
