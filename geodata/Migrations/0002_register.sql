-- The register. A row that would mislead cannot be stored: the checks are here, not in the programs that write.
create domain slug as text check (value ~ '^[a-z0-9]+(-[a-z0-9]+)*$');
create domain words as text check (value ~ '\S');

create table source (
  id slug primary key,
  grade text not null check (grade in ('GOV', 'STATE', 'COPY', 'SEC', 'DATA')),
  grade_rank smallint generated always as (grade_rank(grade)) stored,
  title words not null, title_en words not null, publisher words,
  published text not null,
  published_earliest date generated always as (edtf_earliest(published)) stored,
  published_latest date generated always as (edtf_latest(published)) stored,
  published_precision text not null generated always as (edtf_precision(published)) stored,
  url words, document_no words, gathered_on date check (isfinite(gathered_on)),
  note_zh words, note_en words
);

create table jurisdiction (
  adcode text primary key check (adcode ~ '^\d{6}$'),
  name_zh words not null, name_en words not null,
  level text not null check (level in ('province', 'prefecture', 'county')),
  parent_adcode text references jurisdiction
);

create table list (
  id slug primary key,
  name_zh words not null, name_en words not null,
  item_count integer check (item_count > 0),
  source_id slug not null references source, place words not null,
  note_zh words, note_en words
);

create table link (
  id slug primary key,
  name_zh words not null, name_en words not null, other_names text[] not null default '{}' check (array_to_string(other_names, '|', '') !~ '(^|\|)\s*(\||$)' or other_names = '{}'),
  kind text not null check (kind in ('road', 'metro', 'rail', 'brt', 'bus', 'footbridge', 'waterway', 'unspecified')),
  nature text not null check (nature in ('missing', 'bottleneck', 'blocked', 'service', 'study')),
  area_zh words not null, area_en words not null,
  geom geometry(Geometry, 4326) check (
    GeometryType(geom) in ('POINT', 'MULTILINESTRING') and ST_AsText(geom) !~ 'EMPTY' and ST_IsValid(geom) and ST_CoordDim(geom) = 2
    and geom @ ST_MakeEnvelope(-180, -90, 180, 90, 4326)),
  -- ST_PointOnSurface of a line with an empty part ends the server process (GEOS 3.11): the parts are extracted first, the check below refuses.
  point geometry(Point, 4326) generated always as (
    case when GeometryType(geom) = 'MULTILINESTRING' then ST_PointOnSurface(ST_CollectionExtract(geom, 2)) else ST_PointOnSurface(geom) end) stored,
  accuracy_metres numeric check (accuracy_metres > 0 and accuracy_metres < 'Infinity'),
  accuracy_kind text check (accuracy_kind in ('surveyed', 'mapped', 'digitised', 'estimated')),
  position_note_zh words, position_note_en words,
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  constraint position_has_accuracy check (num_nulls(geom, accuracy_metres, accuracy_kind) in (0, 3)),
  constraint only_a_service_has_no_position check (geom is not null or nature = 'service')
);
create index link_geom on link using gist (geom);
-- geom::geometry: functions return geometry without SRID and type, and their ::geography is this expression only then.
create index link_geog on link using gist ((geom::geometry::geography));
create index link_point on link using gist (point);
create index link_point_geog on link using gist ((point::geometry::geography));

create table position_source (
  link_id slug not null references link on delete cascade,
  source_id slug not null references source,
  primary key (link_id, source_id)
);

create table link_side (
  id text not null unique generated always as (link_id::text || '-' || side) stored,
  link_id slug not null references link on delete cascade,
  side text not null check (side in ('a', 'b')),
  adcode text not null references jurisdiction,
  town_zh words, town_en words, road_name_zh words, road_name_en words, unit_zh words, unit_en words,
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  primary key (link_id, side)
);

create table link_reference (
  link_id slug not null references link on delete cascade,
  list_id slug not null references list,
  item integer check (item > 0),
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  primary key (link_id, list_id)
);
create unique index one_link_an_item on link_reference (list_id, item);

create table link_unit (
  link_id slug not null references link on delete cascade,
  role text not null check (role in ('lead', 'supporting')),
  unit_zh words not null, unit_en words not null,
  source_id slug not null references source, place words not null,
  primary key (link_id, role, unit_zh, source_id, place)
);

create table design_value (
  id text unique generated always as (
    link_id::text || coalesce('-' || side, '') || '-' || quantity || '-' || coalesce(value::text, text) || '-' || source_id::text) stored,
  link_id slug not null references link on delete cascade,
  side text,
  quantity text not null check (quantity in
    ('lengthMetres', 'widthMetres', 'lanes', 'designSpeedKmh', 'roadClass', 'costYuan', 'riseMetres', 'stations')),
  value numeric check (value > 0 and value < 'Infinity'), text words,
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  foreign key (link_id, side) references link_side,
  constraint all_but_road_class_have_a_value check ((quantity = 'roadClass') = (value is null)),
  constraint road_class_is_known check (quantity <> 'roadClass' or text is not null and text in ('motorway', 'class1', 'class2', 'class3', 'class4',
    'urban_expressway', 'urban_trunk', 'urban_secondary', 'urban_branch'))
);

create table attestation (
  id slug primary key,
  link_id slug not null references link,
  side text,
  stage text not null check (stage_rank(stage) is not null),
  rank smallint generated always as (stage_rank(stage)) stored,
  held_from text not null,
  held_from_earliest date generated always as (edtf_earliest(held_from)) stored,
  held_from_latest date not null generated always as (edtf_latest(held_from)) stored,
  held_from_precision text not null generated always as (edtf_precision(held_from)) stored,
  held_to text,
  held_to_latest date generated always as (edtf_latest(held_to)) stored,
  basis text not null check (basis in ('stated', 'reported', 'inferred')),
  premises_zh words, premises_en words,
  source_id slug not null references source, place words not null,
  supersedes slug unique references attestation check (supersedes <> id),
  withdrawn boolean not null default false,
  note_zh words, note_en words,
  recorded_at timestamptz not null default now(),
  foreign key (link_id, side) references link_side,
  constraint inferred_names_its_premises check (num_nonnulls(premises_zh, premises_en) = case basis when 'inferred' then 2 else 0 end),
  constraint held_to_follows_held_from check (edtf_latest(held_to) >= edtf_latest(held_from)),
  constraint withdrawal_withdraws_something check (not withdrawn or supersedes is not null)
);
create index attestation_link on attestation (link_id);

create table target (
  id slug primary key,
  link_id slug not null references link on delete cascade,
  side text,
  stage text not null check (stage_rank(stage) is not null),
  due text not null,
  due_latest date not null generated always as (edtf_latest(due)) stored,
  basis text not null check (basis in ('stated', 'reported', 'inferred')),
  premises_zh words, premises_en words,
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  foreign key (link_id, side) references link_side,
  constraint inferred_names_its_premises check (num_nonnulls(premises_zh, premises_en) = case basis when 'inferred' then 2 else 0 end)
);
create index target_link on target (link_id);

create table claim (
  id slug primary key,
  list_id slug references list,
  statement_zh words not null, statement_en words not null,
  stage text not null check (stage_rank(stage) is not null),
  count_done integer check (count_done >= 0), count_total integer check (count_total > 0),
  as_of text not null,
  as_of_latest date not null generated always as (edtf_latest(as_of)) stored,
  kind text not null check (kind in ('fact', 'promise')),
  comparable_list_id slug references list, comparable_kind text check (comparable_kind in ('road', 'metro', 'rail', 'brt', 'bus', 'footbridge', 'waterway')),
  source_id slug not null references source, place words not null,
  note_zh words, note_en words,
  constraint count_done_is_within_count_total check (count_done <= count_total)
);

-- What no check on one row can see.
create function link_is_whole() returns trigger language plpgsql as $$
begin
  if not exists (select from link where id = new.id) then return null; end if;
  if (select count(*) from link_side where link_id = new.id) <> 2 then
    raise exception using errcode = 'check_violation', constraint = 'link_has_two_sides', table = 'link',
      message = format('link %s needs two sides, a and b', new.id);
  end if;
  if new.geom is not null and not exists (select from position_source where link_id = new.id) then
    raise exception using errcode = 'check_violation', constraint = 'position_has_source', table = 'link',
      message = format('the position of link %s names no source', new.id);
  end if;
  return null;
end $$;
create constraint trigger link_is_whole after insert or update on link
  deferrable initially deferred for each row execute function link_is_whole();

create function parts_keep_link_whole() returns trigger language plpgsql as $$
begin
  if exists (select from link l where l.id = old.link_id
      and ((select count(*) from link_side s where s.link_id = l.id) <> 2
        or l.geom is not null and not exists (select from position_source p where p.link_id = l.id))) then
    raise exception using errcode = 'check_violation', message = format('link %s would lose a side or the source of its position', old.link_id);
  end if;
  return null;
end $$;
create constraint trigger side_keeps_link_whole after delete or update on link_side
  deferrable initially deferred for each row execute function parts_keep_link_whole();
create constraint trigger position_keeps_link_whole after delete or update on position_source
  deferrable initially deferred for each row execute function parts_keep_link_whole();

-- Only governments and state media state; copies and secondary pages report; datasets tell positions alone.
create function grade_bounds_basis() returns trigger language plpgsql as $$
declare g text := (select grade from source where id = new.source_id);
begin
  if g = 'DATA' or (new.basis = 'stated' and g not in ('GOV', 'STATE')) then
    raise exception using errcode = 'check_violation', column = 'basis',
      message = format('source %s has grade %s and cannot carry basis "%s": write reported or inferred, or cite a better source', new.source_id, g, new.basis);
  end if;
  return new;
end $$;
create trigger grade_bounds_basis before insert on attestation for each row execute function grade_bounds_basis();
create trigger grade_bounds_basis before insert or update on target for each row execute function grade_bounds_basis();

create function grade_stays_above_its_statements() returns trigger language plpgsql as $$
begin
  if new.grade not in ('GOV', 'STATE') and exists (select from attestation where source_id = new.id and (basis = 'stated' or new.grade = 'DATA')) then
    raise exception using errcode = 'check_violation', column = 'grade',
      message = format('source %s carries attestations that grade %s cannot', new.id, new.grade);
  end if;
  return new;
end $$;
create trigger grade_stays_above_its_statements before update of grade on source for each row execute function grade_stays_above_its_statements();

create function attestation_is_final() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'restrict_violation', column = 'id',
    message = format('attestation %s is never changed: add a later one that supersedes it', case when tg_level = 'ROW' then old.id end);
end $$;
create trigger attestation_is_final before update or delete on attestation for each row execute function attestation_is_final();
create trigger attestation_is_final_truncate before truncate on attestation for each statement execute function attestation_is_final();

create function correction_stays_on_its_link() returns trigger language plpgsql as $$
begin
  if new.supersedes is not null and new.link_id is distinct from (select link_id from attestation where id = new.supersedes) then
    raise exception using errcode = 'check_violation', column = 'supersedes',
      message = format('%s corrects %s, which is of another link', new.id, new.supersedes);
  end if;
  return new;
end $$;
create trigger correction_stays_on_its_link before insert on attestation for each row execute function correction_stays_on_its_link();
