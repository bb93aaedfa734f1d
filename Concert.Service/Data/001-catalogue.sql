-- What is on sale: written once per data set by CatalogueSeeder, read on a cache miss.

create table concerts (
    id               bigint      primary key,
    title            text        not null,
    artist           text        not null,
    venue            text        not null,
    first_starts_at  timestamptz not null,
    last_starts_at   timestamptz not null
);

create table schedules (
    id           bigint      primary key,
    concert_id   bigint      not null references concerts,
    starts_at    timestamptz not null,
    seats_total  integer     not null
);

create index on schedules (concert_id, starts_at, id);

-- Millions of rows, so narrow ones, in the order in which a schedule's seats are read: one short range scan per seat map.
-- No foreign key: the seeder is the only writer, and a check per row would double the time of its COPY.
create table seats (
    schedule_id  bigint    not null,
    id           bigint    not null,
    price        integer   not null check (price > 0),
    row          smallint  not null,
    number       smallint  not null,
    section      text      not null,
    grade        text      not null,
    primary key (schedule_id, id)
);

-- Which data set is loaded (at most one row). Part of every ETag, so that no client takes an old data set's answer for the new one's.
create table data_set (
    only_one            boolean     primary key default true check (only_one),
    version             bigint      not null,
    concerts            integer     not null,
    schedules           integer     not null,
    seats_per_schedule  integer     not null,
    seed                integer     not null,
    loaded_at           timestamptz not null
);
