-- Where people are, what runs between, and with which numbers it is reckoned. Rows of the network count where they are valid on the day;
-- a date that no source gives is null, and whoever uses the row says that it was assumed present.
create table place (
  id slug primary key,
  name_zh words not null, name_en words not null,
  kind text not null check (kind in ('town', 'hub', 'centre')),
  adcode text not null references jurisdiction,
  longitude double precision check (longitude between -180 and 180), latitude double precision check (latitude between -90 and 90),
  geom geometry(Point, 4326) generated always as (ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)) stored,
  accuracy_metres numeric check (accuracy_metres > 0 and accuracy_metres < 'Infinity'),
  accuracy_kind text check (accuracy_kind in ('surveyed', 'mapped', 'digitised', 'estimated')),
  position_source_id slug references source, position_place words,
  population integer check (population > 0), population_year integer, population_source_id slug references source,
  note_zh words, note_en words,
  constraint position_has_accuracy_and_source check (num_nulls(longitude, latitude, accuracy_metres, accuracy_kind, position_source_id, position_place) in (0, 6)),
  constraint population_has_year_and_source check (num_nulls(population, population_year, population_source_id) in (0, 3))
);
create index place_geom on place using gist (geom);
create index place_geog on place using gist ((geom::geometry::geography));

create table county_population (
  adcode text not null references jurisdiction, year integer not null check (year between 1900 and 2100),
  population integer not null check (population > 0),
  source_id slug not null references source, place words not null,
  primary key (adcode, year, source_id)
);

-- A number that a model rests on, with the range it may lie in. Ours where no source gives it; a source may still bound it.
create table assumption (
  id slug primary key,
  value numeric not null, low numeric not null, high numeric not null, unit words not null,
  ours boolean not null, source_id slug references source, place words,
  note_zh words, note_en words,
  constraint low_value_high_in_order check (low <= value and value <= high and low > '-Infinity' and high < 'Infinity'),
  constraint not_ours_names_its_source check (ours or source_id is not null),
  constraint source_has_place check (source_id is null or place is not null)
);

create table transit_line (   -- "line" is a type of PostgreSQL's
  id slug primary key,
  name_zh words not null, name_en words not null,
  kind text not null check (kind in ('metro', 'rail', 'bus')),
  from_stop words not null, to_stop words not null,
  length_metres numeric check (length_metres > 0),
  valid_from text, valid_from_latest date generated always as (edtf_latest(valid_from)) stored,
  source_id slug not null references source,
  note_zh words, note_en words
);

create table line_section (
  line_id slug not null references transit_line, from_stop words not null, to_stop words not null,
  event text not null check (event in ('open', 'through_service', 'closed')),
  valid_from text, valid_from_latest date generated always as (edtf_latest(valid_from)) stored,
  valid_to text, valid_to_latest date generated always as (edtf_latest(valid_to)) stored,
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  primary key (line_id, from_stop, to_stop, event)
);

-- A station where a line stops, in its order along the line.
create table stop (
  id text not null unique generated always as (line_id::text || '-' || seq) stored,
  line_id slug not null references transit_line, seq integer not null check (seq > 0),
  name_zh words not null, name_en words not null,
  longitude double precision check (longitude between -180 and 180), latitude double precision check (latitude between -90 and 90),
  geom geometry(Point, 4326) generated always as (ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)) stored,
  accuracy_metres numeric check (accuracy_metres > 0 and accuracy_metres < 'Infinity'),
  position_source_id slug references source,
  note_zh words, note_en words,
  primary key (line_id, seq),
  constraint position_has_accuracy_and_source check (num_nulls(longitude, latitude, accuracy_metres, position_source_id) in (0, 4))
);
create index stop_geom on stop using gist (geom);
create index stop_geog on stop using gist ((geom::geometry::geography));

call keep_data_version(array['place', 'county_population', 'assumption', 'transit_line', 'line_section', 'stop']);
