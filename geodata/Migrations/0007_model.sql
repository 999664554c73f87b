-- Roads that a source shows, and how lines are run: what the models of travel time are built from, beside places, lines and stops.
create table road (
  id slug primary key,
  name_zh words not null, name_en words not null, ref words,
  class text not null check (class in ('motorway', 'class1', 'class2', 'class3', 'class4',
    'urban_expressway', 'urban_trunk', 'urban_secondary', 'urban_branch')),
  adcode text not null references jurisdiction,            -- on whose side of the province line it lies
  crossing_adcode text references jurisdiction,            -- its last vertex lies on the province line, and it goes on in this province
  crossing_basis text check (crossing_basis in ('stated', 'inferred')),
  geom geometry(LineString, 4326) not null check (ST_IsValid(geom) and ST_NPoints(geom) >= 2 and ST_Length(geom) > 0
    and geom @ ST_MakeEnvelope(-180, -90, 180, 90, 4326)),
  length_metres numeric generated always as (round(ST_Length(geom::geometry::geography)::numeric, 1)) stored,
  accuracy_metres numeric not null check (accuracy_metres > 0 and accuracy_metres < 'Infinity'),
  accuracy_kind text not null check (accuracy_kind in ('surveyed', 'mapped', 'digitised', 'estimated')),
  source_id slug not null references source, place words not null,
  link_id slug references link,                            -- the works of this link: counts while the link does
  valid_from text, valid_from_latest date generated always as (edtf_latest(valid_from)) stored,
  valid_to text, valid_to_latest date generated always as (edtf_latest(valid_to)) stored,
  note_zh words, note_en words,
  constraint crossing_has_basis check (num_nulls(crossing_adcode, crossing_basis) in (0, 2)),
  constraint crossing_leaves_the_province check (left(crossing_adcode, 2) <> left(adcode, 2)),
  constraint valid_to_follows_valid_from check (edtf_latest(valid_to) >= edtf_latest(valid_from))
);
create index road_geom on road using gist (geom);
create index road_geog on road using gist ((geom::geometry::geography));

alter table assumption add name_zh words, add name_en words;
alter table transit_line
  add link_id slug references link,                        -- the works of this link: runs while the link counts as open
  add shares_platforms_with slug references transit_line;  -- stops of one name are one platform
alter table stop add adcode text references jurisdiction,  -- on whose side of the province line it lies
  add constraint positioned_stop_has_adcode check (geom is null or adcode is not null) not valid;   -- rows of before are loaded anew

-- How long trains or buses take along a part of a line: minutes in all, spread by distance, or km/h.
create table run_time (
  line_id slug not null references transit_line, from_stop words not null, to_stop words not null,
  assumption_id slug not null references assumption,
  primary key (line_id, from_stop, to_stop)
);

-- What runs on a line, both ways, at a headway: at all stops from one to the other, or only at the two ends.
create table service (
  id slug primary key,
  line_id slug not null references transit_line, from_stop words not null, to_stop words not null,
  calls text not null check (calls in ('all', 'ends')),
  headway_assumption_id slug not null references assumption,
  boarding_assumption_id slug references assumption,       -- from the street to the platform; null: at the kerb
  note_zh words, note_en words
);

-- Changing between platforms of one station without going by the street, both ways.
create table transfer (
  from_line_id slug not null references transit_line, from_stop words not null,
  to_line_id slug not null references transit_line, to_stop words not null,
  assumption_id slug not null references assumption,
  primary key (from_line_id, from_stop, to_line_id, to_stop)
);

-- Names of stops that are none of the line's would silently drop a part of the network.
create function names_stops_of_its_line() returns trigger language plpgsql as $$
declare missing text;
begin
  select format('%s has no stop "%s"', n.line, n.stop) into missing
  from (values (to_jsonb(new) ->> tg_argv[0], to_jsonb(new) ->> 'from_stop'), (to_jsonb(new) ->> tg_argv[1], to_jsonb(new) ->> 'to_stop')) n (line, stop)
  where not exists (select from stop s where s.line_id = n.line and s.name_zh = n.stop) limit 1;
  if missing is not null then
    raise exception using errcode = 'check_violation', column = 'from_stop', message = format('line %s', missing);
  end if;
  return null;
end $$;
create constraint trigger names_stops_of_its_line after insert or update on run_time deferrable initially immediate for each row execute function names_stops_of_its_line('line_id', 'line_id');
create constraint trigger names_stops_of_its_line after insert or update on service deferrable initially immediate for each row execute function names_stops_of_its_line('line_id', 'line_id');
create constraint trigger names_stops_of_its_line after insert or update on transfer deferrable initially immediate for each row execute function names_stops_of_its_line('from_line_id', 'to_line_id');

call keep_data_version(array['road', 'run_time', 'service', 'transfer']);

-- Does the row of a network count on that day? Without a date it is assumed to, and whoever uses it says so.
create function is_valid_on(day date, valid_from_latest date, valid_to_latest date) returns boolean language sql immutable
  return (valid_from_latest is null or valid_from_latest <= day) and (valid_to_latest is null or valid_to_latest > day);

-- Which link a road is the works of: the one that it names, else the one whose drawn line it covers without going far beyond.
create function road_works_of(r road) returns slug language sql stable
  return coalesce(r.link_id, (select l.id from link l
    where GeometryType(l.geom) = 'MULTILINESTRING' and l.geom && ST_Expand(r.geom, 0.01)
      and r.length_metres <= 2 * ST_Length(ST_LongestLine(l.geom, l.geom)::geography) + 2 * l.accuracy_metres
      and ST_Length(ST_Intersection(l.geom, ST_Buffer(r.geom::geography, (r.accuracy_metres + l.accuracy_metres)::float8)::geometry)::geography)
          >= 0.5 * ST_Length(l.geom::geography)
    order by l.id limit 1));

-- All that a model of travel times is built from, as of a day, in one document: what a report keeps, and is rerun from.
create function model_input(as_of date, known_by date) returns jsonb language sql stable
  return jsonb_build_object(
    'asOf', as_of, 'knownBy', known_by,
    'firstEvidence', (select min(a.held_from_latest) from attestation_known(model_input.known_by) a),
    'places', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'nameZh', p.name_zh, 'nameEn', p.name_en, 'kind', p.kind, 'adcode', p.adcode,
        'longitude', p.longitude, 'latitude', p.latitude, 'accuracyMetres', p.accuracy_metres, 'sourceId', p.position_source_id) order by p.id), '[]') from place p),
    'counties', (select coalesce(jsonb_agg(jsonb_build_object('adcode', c.adcode, 'year', c.year, 'population', c.population, 'sourceId', c.source_id) order by c.adcode, c.year desc, c.source_id), '[]')
        from county_population c),
    'assumptions', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'nameZh', a.name_zh, 'nameEn', a.name_en, 'value', a.value, 'low', a.low, 'high', a.high, 'unit', a.unit, 'ours', a.ours,
        'sourceId', a.source_id, 'noteZh', a.note_zh, 'noteEn', a.note_en) order by a.id), '[]') from assumption a),
    'links', (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'nameZh', l.name_zh, 'nameEn', l.name_en, 'kind', l.kind, 'nature', l.nature, 'state', l.state,
        'longitude', ST_X(l.point), 'latitude', ST_Y(l.point), 'accuracyMetres', l.accuracy_metres, 'sourceId', l.source_id,
        'sides', (select jsonb_agg(jsonb_build_object('side', s.side, 'adcode', s.adcode, 'town', s.town_zh) order by s.side) from link_side s where s.link_id = l.id)) order by l.id), '[]')
        from link_as_of(as_of, known_by) l),
    'roads', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'nameZh', r.name_zh, 'nameEn', r.name_en, 'class', r.class, 'adcode', r.adcode, 'crossingAdcode', r.crossing_adcode,
        'lengthMetres', r.length_metres, 'accuracyMetres', r.accuracy_metres, 'linkId', w.id, 'widens', coalesce(w.nature = 'bottleneck', false), 'assumedPresent', r.valid_from is null and w.id is null, 'sourceId', r.source_id,
        'coordinates', ST_AsGeoJSON(r.geom, 6)::jsonb -> 'coordinates') order by r.id), '[]')
        from road r left join link w on w.id = road_works_of(r) where is_valid_on(as_of, r.valid_from_latest, r.valid_to_latest)),
    'lines', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'nameZh', t.name_zh, 'nameEn', t.name_en, 'kind', t.kind, 'linkId', t.link_id,
        'sharesPlatformsWith', t.shares_platforms_with, 'sourceId', t.source_id, 'assumedPresent', t.valid_from is null and t.link_id is null,
        'stops', (select jsonb_agg(jsonb_build_object('nameZh', s.name_zh, 'nameEn', s.name_en, 'longitude', s.longitude, 'latitude', s.latitude, 'accuracyMetres', s.accuracy_metres, 'adcode', s.adcode, 'sourceId', s.position_source_id) order by s.seq)
            from stop s where s.line_id = t.id),
        'sections', (select coalesce(jsonb_agg(jsonb_build_object('from', x.from_stop, 'to', x.to_stop, 'event', x.event, 'inForce', is_valid_on(as_of, x.valid_from_latest, x.valid_to_latest), 'sourceId', x.source_id)
            order by x.event, x.from_stop, x.to_stop), '[]') from line_section x where x.line_id = t.id and x.event <> 'through_service'),
        'inForce', is_valid_on(as_of, t.valid_from_latest, null)) order by t.id), '[]') from transit_line t),
    'runTimes', (select coalesce(jsonb_agg(jsonb_build_object('lineId', r.line_id, 'from', r.from_stop, 'to', r.to_stop, 'assumptionId', r.assumption_id) order by r.line_id, r.from_stop, r.to_stop), '[]') from run_time r),
    'services', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'lineId', s.line_id, 'from', s.from_stop, 'to', s.to_stop, 'calls', s.calls,
        'headwayAssumptionId', s.headway_assumption_id, 'boardingAssumptionId', s.boarding_assumption_id) order by s.id), '[]') from service s),
    'transfers', (select coalesce(jsonb_agg(jsonb_build_object('fromLineId', t.from_line_id, 'from', t.from_stop, 'toLineId', t.to_line_id, 'to', t.to_stop, 'assumptionId', t.assumption_id)
        order by t.from_line_id, t.from_stop, t.to_line_id, t.to_stop), '[]') from transfer t));
