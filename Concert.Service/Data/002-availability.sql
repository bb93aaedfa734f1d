-- What reservations have said about seats. One row per reservation and seat, and its state only ever grows:
-- 1 held, 2 released, 3 sold. So messages may come twice or in any order and end in the same place:
-- a hold that arrives after its own release stays released, and a sold seat stays sold.
-- A seat nobody ever wanted has no row.
create table seat_claims (
    schedule_id     bigint      not null,
    seat_id         bigint      not null,
    reservation_id  uuid        not null,
    state           smallint    not null check (state between 1 and 3),
    changed_at      timestamptz not null default now(),
    primary key (schedule_id, seat_id, reservation_id)
) with (fillfactor = 80);

-- No row: nothing has happened to the schedule yet (nothing taken, version 0). The version counts visible changes.
create table schedule_availability (
    schedule_id  bigint   primary key,
    taken        integer  not null,
    version      bigint   not null
) with (fillfactor = 50);
