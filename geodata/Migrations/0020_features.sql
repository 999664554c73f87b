-- Rows of GIS files as they came, brought to WGS 84: lines to ask about (a border, a river), layers to look at.
create table feature (
  dataset_id slug not null, id text not null,              -- the file's own id, else from a column named for it, else its number
  geom geometry(Geometry, 4326),                           -- null where the file has none
  properties jsonb not null,
  primary key (dataset_id, id)
);
create index feature_geom on feature using gist (geom);

-- What can be reached, and who is there to reach it: cells or points with counts of people, jobs, schools …
create table opportunity (
  dataset_id slug not null, id text not null,
  geom geometry(Geometry, 4326) not null,
  point geometry(Point, 4326) generated always as (ST_PointOnSurface(geom)) stored,
  counts jsonb not null,                                   -- by name, as the file's columns have it; numbers, not negative
  primary key (dataset_id, id)
);
create index opportunity_point on opportunity using gist (point);
