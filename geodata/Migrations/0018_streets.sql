-- A network at street level. That a dataset's name is one is checked where the dataset stands, not with every row; networks are read whole, so that no index
-- leads from a junction to its streets; the other keys are those under which layers give rows out. Junctions are where ways end, meet or are barred; streets run between them, unbroken where nothing changes.
create table street_junction (
  dataset_id text not null, id bigint not null,            -- the node's number in the source; made ones are negative
  geom geometry(Point, 4326) not null,
  island integer not null,                                 -- the part that hangs together by any mode; 0 has the most junctions, then by size
  bars text[] not null default '{}',                       -- modes that cannot pass through here: car, cycle, foot
  primary key (dataset_id, id)
);
create index street_junction_geom on street_junction using gist (geom);
create index street_junction_key on street_junction ((dataset_id || '.' || id::text));

create table street (
  dataset_id text not null, id text not null,              -- its first way and its ends: the same in a newer file, while they are
  way_ids bigint[] not null,                               -- in order from its first junction
  from_junction bigint not null, to_junction bigint not null,
  name text, name_en text, ref text,
  class text not null,                                     -- the value of OpenStreetMap's highway key, or ferry
  length_metres double precision not null check (length_metres >= 0),
  speed_kmh real, speed_basis text check (speed_basis in ('maxspeed', 'class', 'duration')),   -- of cars
  -- Milliseconds from its first junction to its last and back; null where that mode may not.
  car_forward_ms integer, car_backward_ms integer, cycle_forward_ms integer, cycle_backward_ms integer, foot_forward_ms integer, foot_backward_ms integer,
  bridge boolean not null, tunnel boolean not null, level smallint not null,
  max_width_metres real,
  barred_by text,                                          -- the tag that keeps a mode out, as written: motor_vehicle=no
  island integer not null,
  geom geometry(LineString, 4326) not null,
  primary key (dataset_id, id)
);
create index street_geom on street using gist (geom);
create index street_key on street ((dataset_id || '.' || id));

-- Turns that are barred (no) or the only ones allowed (only): along streets, each with the direction in which it is driven (+ first to last junction, - back).
create table street_turn (
  dataset_id text not null, id text not null,              -- the relation's number; -1, -2 … where it stands for several
  kind text not null check (kind in ('no', 'only')),
  streets text[] not null check (cardinality(streets) >= 2), directions text not null,   -- one + or - for each street
  modes text[] not null,
  restriction text not null,                               -- as the source writes it: no_left_turn
  primary key (dataset_id, id)
);

-- Gates, bollards, blocks: what stands on a junction and whom it lets pass.
create table street_barrier (
  dataset_id text not null, id bigint not null,            -- the junction
  kind text not null,                                      -- the value of the barrier key
  bars text[] not null, max_width_metres real, tags jsonb not null,
  geom geometry(Point, 4326) not null,
  primary key (dataset_id, id)
);
create index street_barrier_geom on street_barrier using gist (geom);

-- Lines that keep roads apart or that roads stop at: railways, waterways, boundaries.
create table map_line (
  dataset_id text not null, id text not null,              -- w or r and the number
  kind text not null check (kind in ('railway', 'waterway', 'boundary')),
  class text not null,                                     -- rail, subway; river, canal; administrative
  name text, name_en text, admin_level smallint, adcode text,
  geom geometry(MultiLineString, 4326) not null,
  primary key (dataset_id, id)
);
create index map_line_geom on map_line using gist (geom);

-- Routes of public transport as drawn on the map (no timetable), and stations.
create table map_route (
  dataset_id text not null, id text not null,
  kind text not null,                                      -- the value of the route key: subway, train, bus, ferry, …
  ref text, name text, name_en text, operator text, from_stop text, to_stop text,
  stop_ids text[] not null,                                -- in order
  geom geometry(MultiLineString, 4326),                    -- null where the file has none of its ways
  primary key (dataset_id, id)
);
create index map_route_geom on map_route using gist (geom);

create table map_stop (
  dataset_id text not null, id text not null,
  kind text not null,                                      -- station, halt, subway_entrance, tram_stop, bus_stop, ferry_terminal, platform
  name text, name_en text, ref text, modes text[] not null,
  geom geometry(Point, 4326) not null,
  primary key (dataset_id, id)
);
create index map_stop_geom on map_stop using gist (geom);
