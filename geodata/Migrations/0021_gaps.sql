-- Gaps that somebody chose to keep: of each question the last answer. What they rest on, the imported data, may have changed since: then they say so.
create table gap_question (
  id slug primary key,                                     -- of the question's content
  border text not null, settings jsonb not null,           -- within, detour, angle, speed, trips, streets left out
  data_hash text not null,                                 -- of the datasets and places that were there
  rows_hash text not null,                                 -- of the gaps: stands for them in the data version
  gaps integer not null check (gaps >= 0), help_nobody integer not null check (help_nobody >= 0),
  computed_at timestamptz not null default now()
);
call keep_data_version(array['gap_question']);

create table gap (
  question_id slug not null references gap_question on delete cascade,
  gap_id slug not null,
  rank integer not null check (rank > 0), kind text not null check (kind in ('ends', 'end-road', 'barred')),
  name_a text, name_b text, class_a text not null, class_b text not null,
  metres numeric not null, network_metres numeric, detour numeric, saved_seconds numeric not null, next_rank integer, next_saved_seconds numeric,
  angle_a numeric, angle_b numeric, one_way boolean not null, barred_by text,
  dataset_a text not null, street_a text not null, dataset_b text not null, street_b text not null, barred_streets text[] not null, beside text,
  geom geometry(LineString, 4326) not null,
  primary key (question_id, gap_id)
);
create index gap_geom on gap using gist (geom);
create index gap_geog on gap using gist ((geom::geometry::geography));

-- What an answer about gaps rests on.
create function gap_data_hash() returns text language sql stable as $$
  select md5(coalesce((select string_agg(id || ' ' || content_hash, E'\n' order by id) from dataset where layer in ('streets', 'opportunities', 'features')), '')
    || coalesce((select string_agg(id || ' ' || ST_AsEWKT(geom), E'\n' order by id) from place where geom is not null), ''))
$$;

create view gap_kept as
  select g.question_id || '-' || g.gap_id as id, g.*, q.border, q.settings, q.computed_at, q.data_hash = (select gap_data_hash()) as current
  from gap g join gap_question q on q.id = g.question_id;
