-- What links bring together: all that are not open on the day, added to the day's network, and all that are, taken out of it and put back.
-- Mean minutes over all pairs, times capped at a horizon that "no path" counts as: only so do parts sum to a whole.
-- What was computed before lacks them, and is computed again when it is asked for.
delete from gain_run;

alter table gain
  add column horizon_minutes numeric, add column together_minutes numeric, add column alone_minutes numeric, add column last_in_minutes numeric,
  add column share_minutes numeric, add column share_error_minutes numeric check (share_error_minutes >= 0), add column next_rank integer check (next_rank > 0), add column next_minutes numeric,
  add constraint next_of_missing check (patch = 'open' or next_rank is null);

create table gain_synergy (
  run_id bigint not null, link_id text not null, weights text not null, other_link_id text not null check (other_link_id <> link_id),
  synergy_minutes numeric not null check (synergy_minutes <> 0),
  primary key (run_id, link_id, weights, other_link_id),
  foreign key (run_id, link_id, weights) references gain on delete cascade,
  foreign key (run_id, other_link_id, weights) references gain on delete cascade
);

drop function gain_as_of;
create function gain_as_of(as_of date, known_by date) returns table (
  id text, link_id text, name_zh text, name_en text, mode text, weights text, state text, patch text, evaluated boolean, reason_zh text, reason_en text,
  gain_minutes numeric, low_minutes numeric, high_minutes numeric, distinguishable boolean, sketch boolean, in_data boolean,
  mean_minutes_before numeric, mean_minutes_after numeric, pairs_compared integer, pairs_faster integer, pairs_joined integer, position_metres numeric,
  across_share numeric, pairs_across integer, horizon_minutes numeric, together_minutes numeric, alone_minutes numeric, last_in_minutes numeric,
  share_minutes numeric, share_error_minutes numeric, next_rank integer, next_minutes numeric, as_of_day date, known_by_day date, point geometry(Point, 4326)
) language sql stable as $$
  select g.link_id || '-' || r.mode || '-' || g.weights, g.link_id, l.name_zh, l.name_en, r.mode, g.weights, g.state, g.patch, g.evaluated, g.reason_zh, g.reason_en,
    g.gain_minutes, g.low_minutes, g.high_minutes, g.distinguishable, g.sketch, g.in_data, g.mean_minutes_before, g.mean_minutes_after,
    g.pairs_compared, g.pairs_faster, g.pairs_joined, g.position_metres, g.across_share, g.pairs_across, g.horizon_minutes, g.together_minutes, g.alone_minutes, g.last_in_minutes,
    g.share_minutes, g.share_error_minutes, g.next_rank, g.next_minutes, d.as_of, d.known_by, l.point
  from data_version v join gain_day d on d.content_hash = v.content_hash join gain_run r on r.id = d.run_id
  join gain g on g.run_id = r.id join link l on l.id = g.link_id
  where d.as_of = gain_as_of.as_of and d.known_by = gain_as_of.known_by
$$;

create function gain_synergy_as_of(as_of date, known_by date) returns table (
  id text, gain_id text, link_id text, other_link_id text, other_zh text, other_en text, synergy_minutes numeric
) language sql stable as $$
  select s.link_id || '-' || r.mode || '-' || s.weights || '-' || s.other_link_id, s.link_id || '-' || r.mode || '-' || s.weights, s.link_id, s.other_link_id, l.name_zh, l.name_en, s.synergy_minutes
  from data_version v join gain_day d on d.content_hash = v.content_hash join gain_run r on r.id = d.run_id join gain_synergy s on s.run_id = r.id join link l on l.id = s.other_link_id
  where d.as_of = gain_synergy_as_of.as_of and d.known_by = gain_synergy_as_of.known_by
$$;
