-- Timetables as feeds write them: tables and columns have GTFS's own names (GTFS Schedule Reference, gtfs.org) but where a unit stands in them.
-- Times are seconds after noon less twelve hours of the service day, and go on past 86400. An id that a row does not have is '' where it is part of a key.
create table gtfs_agency (
  dataset_id slug not null, agency_id text not null,
  agency_name text not null, agency_url text not null, agency_timezone text not null, agency_lang text,
  primary key (dataset_id, agency_id)
);

create table gtfs_stop (
  dataset_id slug not null, stop_id text not null,
  stop_code text, stop_name text,
  location_type smallint not null check (location_type between 0 and 4),   -- stop or platform, station, entrance, generic node, boarding area
  parent_station text, wheelchair_boarding smallint, platform_code text,
  geom geometry(Point, 4326),                              -- null only of nodes and boarding areas inside stations
  primary key (dataset_id, stop_id)
);
create index gtfs_stop_geom on gtfs_stop using gist (geom);

create table gtfs_route (
  dataset_id slug not null, route_id text not null,
  agency_id text not null,
  route_short_name text, route_long_name text,
  route_type smallint not null,                            -- 0 tram, 1 subway, 2 rail, 3 bus, 4 ferry …; 100 … 1702 as the extended list has them
  route_color text, route_text_color text,
  primary key (dataset_id, route_id)
);

-- A service that only calendar_dates.txt names has a row here too, with no day of the week, from its first date to its last.
create table gtfs_calendar (
  dataset_id slug not null, service_id text not null,
  monday boolean not null, tuesday boolean not null, wednesday boolean not null, thursday boolean not null, friday boolean not null, saturday boolean not null, sunday boolean not null,
  start_date date not null, end_date date not null check (start_date <= end_date),
  primary key (dataset_id, service_id)
);

create table gtfs_calendar_date (
  dataset_id slug not null, service_id text not null, date date not null,
  exception_type smallint not null check (exception_type in (1, 2)),   -- added, removed
  primary key (dataset_id, service_id, date)
);

create table gtfs_trip (
  dataset_id slug not null, trip_id text not null,
  route_id text not null, service_id text not null,
  trip_headsign text, trip_short_name text, direction_id smallint, block_id text, shape_id text,
  wheelchair_accessible smallint, bikes_allowed smallint,
  primary key (dataset_id, trip_id)
);
create index gtfs_trip_route on gtfs_trip (dataset_id, route_id);
create index gtfs_trip_service on gtfs_trip (dataset_id, service_id);

create table gtfs_stop_time (
  dataset_id slug not null, trip_id text not null, stop_sequence integer not null,
  stop_id text not null,
  arrival_seconds integer not null, departure_seconds integer not null check (departure_seconds >= arrival_seconds),
  interpolated boolean not null,                           -- the feed gives no time here
  pickup_type smallint not null, drop_off_type smallint not null,
  primary key (dataset_id, trip_id, stop_sequence)
);

create table gtfs_frequency (
  dataset_id slug not null, trip_id text not null, start_seconds integer not null,
  end_seconds integer not null check (end_seconds > start_seconds), headway_seconds integer not null check (headway_seconds > 0),
  exact_times boolean not null,
  primary key (dataset_id, trip_id, start_seconds)
);

create table gtfs_transfer (
  dataset_id slug not null,
  from_stop_id text not null, to_stop_id text not null, from_route_id text not null, to_route_id text not null, from_trip_id text not null, to_trip_id text not null,
  transfer_type smallint not null check (transfer_type between 0 and 5), min_transfer_seconds integer,
  primary key (dataset_id, from_stop_id, to_stop_id, from_route_id, to_route_id, from_trip_id, to_trip_id)
);

create table gtfs_shape (
  dataset_id slug not null, shape_id text not null,
  geom geometry(LineString, 4326) not null,
  primary key (dataset_id, shape_id)
);
create index gtfs_shape_geom on gtfs_shape using gist (geom);
