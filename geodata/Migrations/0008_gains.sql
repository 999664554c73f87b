-- What each link brings, as computed by the models: kept for one state of the data, so that it filters, sorts and expands like any rows.
-- Not part of the register: it can be computed again at any time, and moves no data version.
create table gain_run (
  id bigint generated always as identity primary key,
  input_hash text not null, mode text not null check (mode in ('car', 'transit')), program text not null,
  computed_at timestamptz not null default now(),
  unique (input_hash, mode, program)      -- days on which nothing changed share what was computed
);

create table gain_day (
  content_hash text not null, as_of date not null, known_by date not null, mode text not null check (mode in ('car', 'transit')),
  run_id bigint not null references gain_run on delete cascade,
  primary key (content_hash, as_of, known_by, mode)
);

create table gain (
  run_id bigint not null references gain_run on delete cascade,
  link_id text not null, weights text not null check (weights in ('equal', 'town', 'county')),
  state text not null, patch text not null check (patch in ('open', 'close')),   -- opening it, or, where it is open, closing it
  evaluated boolean not null, reason_zh text, reason_en text,
  gain_minutes numeric, low_minutes numeric, high_minutes numeric, distinguishable boolean, sketch boolean not null, in_data boolean not null,
  mean_minutes_before numeric, mean_minutes_after numeric,
  pairs_compared integer, pairs_faster integer, pairs_joined integer, position_metres numeric,
  across_share numeric check (across_share >= 0 and across_share <= 1), pairs_across integer,   -- of the pairs with one place on each side of the province line
  primary key (run_id, link_id, weights),
  constraint evaluated_or_reason check (evaluated = (reason_zh is null) and evaluated = (reason_en is null)),
  constraint range_holds_the_gain check (low_minutes <= gain_minutes and gain_minutes <= high_minutes)
);

create table gain_pair (
  run_id bigint not null, link_id text not null, weights text not null, rank integer not null check (rank > 0),
  from_place text not null, to_place text not null, from_zh text not null, from_en text not null, to_zh text not null, to_en text not null,
  minutes_before numeric, minutes_after numeric, share numeric,
  route_before jsonb not null, route_after jsonb not null,
  primary key (run_id, link_id, weights, rank),
  foreign key (run_id, link_id, weights) references gain on delete cascade
);

create function gain_as_of(as_of date, known_by date) returns table (
  id text, link_id text, name_zh text, name_en text, mode text, weights text, state text, patch text, evaluated boolean, reason_zh text, reason_en text,
  gain_minutes numeric, low_minutes numeric, high_minutes numeric, distinguishable boolean, sketch boolean, in_data boolean,
  mean_minutes_before numeric, mean_minutes_after numeric, pairs_compared integer, pairs_faster integer, pairs_joined integer, position_metres numeric,
  across_share numeric, pairs_across integer, as_of_day date, known_by_day date, point geometry(Point, 4326)
) language sql stable as $$
  select g.link_id || '-' || r.mode || '-' || g.weights, g.link_id, l.name_zh, l.name_en, r.mode, g.weights, g.state, g.patch, g.evaluated, g.reason_zh, g.reason_en,
    g.gain_minutes, g.low_minutes, g.high_minutes, g.distinguishable, g.sketch, g.in_data, g.mean_minutes_before, g.mean_minutes_after,
    g.pairs_compared, g.pairs_faster, g.pairs_joined, g.position_metres, g.across_share, g.pairs_across, d.as_of, d.known_by, l.point
  from data_version v join gain_day d on d.content_hash = v.content_hash join gain_run r on r.id = d.run_id
  join gain g on g.run_id = r.id join link l on l.id = g.link_id
  where d.as_of = gain_as_of.as_of and d.known_by = gain_as_of.known_by
$$;

create function gain_pair_as_of(as_of date, known_by date) returns table (
  id text, gain_id text, link_id text, rank integer, from_place text, to_place text, from_zh text, from_en text, to_zh text, to_en text,
  minutes_before numeric, minutes_after numeric, share numeric, route_before jsonb, route_after jsonb
) language sql stable as $$
  select p.link_id || '-' || r.mode || '-' || p.weights || '-' || p.rank, p.link_id || '-' || r.mode || '-' || p.weights, p.link_id, p.rank,
    p.from_place, p.to_place, p.from_zh, p.from_en, p.to_zh, p.to_en, p.minutes_before, p.minutes_after, p.share, p.route_before, p.route_after
  from data_version v join gain_day d on d.content_hash = v.content_hash join gain_run r on r.id = d.run_id join gain_pair p on p.run_id = r.id
  where d.as_of = gain_pair_as_of.as_of and d.known_by = gain_pair_as_of.known_by
$$;
