CREATE DATABASE "concertdb";
CREATE DATABASE "reservationdb";
CREATE DATABASE "paymentdb";
