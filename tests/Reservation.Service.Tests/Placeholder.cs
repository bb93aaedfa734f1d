// Tests of Reservation.Service.
