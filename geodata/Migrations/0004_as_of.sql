-- The state on day D, judged by all that sources published on or before K say.

-- Attestations known by K, less those that a later known one corrects or withdraws.
create function attestation_known(known_by date) returns table (
  id slug, link_id slug, side text, stage text, rank smallint, held_from_latest date, held_from_earliest date, window_start date,
  vouched_to date, held_from_precision text, basis text, source_id slug, grade_rank smallint, published_latest date,
  published_precision text, recorded_at timestamptz
) language sql stable as $$
  select a.id, a.link_id, a.side, a.stage, a.rank, a.held_from_latest, a.held_from_earliest,
    coalesce(a.held_from_earliest, a.held_from_latest), greatest(a.held_from_latest, a.held_to_latest), a.held_from_precision,
    a.basis, a.source_id, s.grade_rank, s.published_latest, s.published_precision, a.recorded_at
  from attestation a
  cross join lateral (select * from source x where x.id = a.source_id offset 0) s   -- offset 0: by its key, row by row; never a hash of all sources for each link
  where s.published_latest <= attestation_known.known_by and not a.withdrawn
    and not exists (select from attestation c join source cs on cs.id = c.source_id
                    where c.supersedes = a.id and cs.published_latest <= attestation_known.known_by
                      and not exists (select from attestation w join source ws on ws.id = w.source_id   -- unless the correction was withdrawn
                                      where w.supersedes = c.id and w.withdrawn and ws.published_latest <= attestation_known.known_by))
$$;

-- Those of them that speak of one side (of it, or of the whole) and that surely held by D: a month, a year count from their last day on.
create function attestation_of_side(link_id slug, side text, as_of date, known_by date) returns table (
  id slug, stage text, rank smallint, held_from_latest date, window_start date, vouched_to date, held_from_precision text, basis text,
  source_id slug, grade_rank smallint, published_latest date, published_precision text, recorded_at timestamptz
) language sql stable as $$
  select a.id, a.stage, a.rank, a.held_from_latest, a.window_start, a.vouched_to, a.held_from_precision, a.basis, a.source_id, a.grade_rank,
    a.published_latest, a.published_precision, a.recorded_at
  from attestation_known(attestation_of_side.known_by) a
  where a.link_id = attestation_of_side.link_id and (a.side is null or a.side = attestation_of_side.side)
    and a.held_from_latest <= attestation_of_side.as_of
$$;

-- Which attestation decides for a side.
-- A better grade b overrules a worse c where both cannot stand:
--      b ├──stage 8──┤                     c claims less than b, and not before b: taking back needs as good a grade
--            c ├──stage 1──┤
--      c ├────stage 10────┤                b speaks of the same time and to its end: the better decides, and is cited
--            b ├──stage 7──┤
-- Of the others the latest decides; then the grade, the document's date, when it was recorded, the id.
create function link_side_as_of(
  as_of date default (now() at time zone 'Asia/Shanghai')::date,
  known_by date default (now() at time zone 'Asia/Shanghai')::date
) returns table (
  id text, link_id slug, side text, adcode text, town_zh text, town_en text, road_name_zh text, road_name_en text, unit_zh text,
  unit_en text, side_source_id slug, place text, note_zh text, note_en text,
  attestation_id slug, stage text, rank smallint, held_from date, held_from_precision text, attested_on date, basis text,
  source_id slug, stated_on date, stated_on_precision text, since date, furthest_stage text, proven_by slug, proof_published date
) language sql stable as $$
  select s.id, s.link_id, s.side, s.adcode, s.town_zh, s.town_en, s.road_name_zh, s.road_name_en, s.unit_zh, s.unit_en, s.source_id,
    s.place, s.note_zh, s.note_en, d.id, d.stage, d.rank, d.held_from_latest, d.held_from_precision, least(d.vouched_to, as_of), d.basis,
    d.source_id, d.published_latest, d.published_precision, u.since, f.stage, p.source_id, p.published_latest
  from link_side s
  left join lateral (
    select c.* from attestation_of_side(s.link_id, s.side, as_of, known_by) c
    where not exists (
        select from attestation_of_side(s.link_id, s.side, as_of, known_by) b
        where b.grade_rank < c.grade_rank
          and case when c.rank < b.rank then b.window_start <= c.held_from_latest
                   else b.window_start <= c.held_from_latest and c.held_from_latest <= b.held_from_latest end)
    order by c.held_from_latest desc, c.grade_rank, c.published_latest desc, c.recorded_at desc, c.id desc
    limit 1) d on true
  left join lateral (   -- the first day on which it is attested open, or not open, as it now stands, without a word to the contrary since
    select min(c.held_from_latest) as since from attestation_of_side(s.link_id, s.side, as_of, known_by) c
    where (c.rank >= 10) = (d.rank >= 10)
      and not exists (select from attestation_of_side(s.link_id, s.side, as_of, known_by) o
                      where (o.rank >= 10) <> (d.rank >= 10)
                        and o.held_from_latest >= c.held_from_latest and o.held_from_latest < d.held_from_latest)) u on true
  left join lateral (   -- the furthest stage that anybody attested by then: a contradiction where it is beyond the deciding one
    select c.stage from attestation_of_side(s.link_id, s.side, as_of, known_by) c
    where c.rank > d.rank
      and d.stage not in ('closed', 'suspended', 'cancelled')   -- these follow what was further along, and do not contradict it
    order by c.rank desc, c.grade_rank, c.id limit 1) f on true
  left join lateral (   -- an opening that surely came later proves that it was not open before
    select c.source_id, c.published_latest from attestation_known(known_by) c
    where c.link_id = s.link_id and (c.side is null or c.side = s.side) and c.rank >= 10 and c.held_from_earliest > as_of
    order by c.grade_rank, c.published_latest, c.id limit 1) p on d.rank < 10
$$;

-- The whole is as far as its lesser side; it is open when both are. What is not open is so by fresh evidence on a side, or because an
-- opening came later; else it is unverified. A link is listed from the first day on which somebody attests it.
create function link_as_of(
  as_of date default (now() at time zone 'Asia/Shanghai')::date,
  known_by date default (now() at time zone 'Asia/Shanghai')::date,
  freshness_days integer default 365
) returns table (
  id slug, name_zh text, name_en text, other_names text[], kind text, nature text, area_zh text, area_en text,
  state text, broken boolean, since date, stage text, held_from date, held_from_precision text, stated_on date, stated_on_precision text,
  attested_on date, evidence_age_days integer, basis text, attestation_id slug, source_id slug, later_evidence slug,
  furthest_stage text, accuracy_metres numeric, accuracy_kind text, position_note_zh text, position_note_en text,
  note_zh text, note_en text, naming_source_id slug, naming_place text, geom geometry, point geometry, as_of_day date, known_by_day date
) language sql stable as $$
  select l.id, l.name_zh, l.name_en, l.other_names, l.kind, l.nature, l.area_zh, l.area_en,
    j.state, j.state in ('not_open', 'unverified') and l.nature in ('missing', 'bottleneck', 'blocked'),
    case when d.both_open then d.last_open_since else d.first_shut_since end, d.stage, d.held_from, d.held_from_precision,
    d.stated_on, d.stated_on_precision, d.attested_on, as_of - d.attested_on, d.basis,
    d.attestation_id, d.source_id,
    case when j.state = 'not_open' and not d.any_fresh and d.first_proof_published > as_of then d.any_proof
         else coalesce(case when d.stated_on > as_of then d.source_id end, d.any_later_source) end,
    d.furthest_stage, l.accuracy_metres, l.accuracy_kind, l.position_note_zh, l.position_note_en,
    l.note_zh, l.note_en, l.source_id, l.place, l.geom, l.point, as_of, known_by
  from link l
  join lateral (   -- the lesser side decides; what both sides say together stands beside it, in one pass
    select s.*, bool_or(s.stage = 'cancelled') over () as any_cancelled, bool_and(coalesce(s.rank >= 10, false)) over () as both_open,
      coalesce(bool_or(s.rank < 10 and s.attested_on >= as_of - freshness_days) over (), false) as any_fresh,
      max(s.since) over () as last_open_since, min(s.since) filter (where s.rank < 10) over () as first_shut_since,
      min(case when s.stated_on > as_of then s.source_id end) over () as any_later_source,
      min(s.proven_by) over () as any_proof, min(s.proof_published) over () as first_proof_published
    from link_side_as_of(as_of, known_by) s
    where s.link_id = l.id
    order by s.attestation_id is null, s.rank, case when s.rank >= 10 then s.since end desc, s.attested_on desc, s.side limit 1) d on d.attestation_id is not null
  cross join lateral (
    select case when d.any_cancelled then 'cancelled' when d.both_open then 'open'
                when d.any_fresh or d.any_proof is not null then 'not_open' else 'unverified' end as state) j
$$;

-- A target that is past on D and that nothing known by K shows met by D. Meeting it late does not unmake that it was missed,
-- but from the day it is met on it is no longer overdue.
create function target_as_of(
  as_of date default (now() at time zone 'Asia/Shanghai')::date,
  known_by date default (now() at time zone 'Asia/Shanghai')::date
) returns table (
  id slug, link_id slug, side text, stage text, due text, due_latest date, basis text, premises_zh text, premises_en text, source_id slug,
  stated_on date, stated_on_precision text, place text, note_zh text, note_en text, met_by slug, met_on date, overdue boolean
) language sql stable as $$
  select t.id, t.link_id, t.side, t.stage, t.due, t.due_latest, t.basis, t.premises_zh, t.premises_en, t.source_id,
    s.published_latest, s.published_precision, t.place, t.note_zh, t.note_en, m.id, m.held_from_latest,
    t.due_latest < as_of and m.id is null
  from target t join source s on s.id = t.source_id
  left join lateral (   -- a promise for the whole is met on the day on which the later of its sides gets there
    select (array_agg(first.id order by first.held_from_latest desc, first.id))[1] as id, max(first.held_from_latest) as held_from_latest
    from (select distinct on (v.side) a.id, a.held_from_latest
          from (values ('a'), ('b')) v(side) cross join attestation_of_side(t.link_id, v.side, as_of, known_by) a
          where (t.side is null or t.side = v.side) and a.rank >= stage_rank(t.stage)
          order by v.side, a.held_from_latest, a.grade_rank, a.id) first
    having count(*) = case when t.side is null then 2 else 1 end) m on true
  where s.published_latest <= least(known_by, as_of)
$$;

-- Which links stand elsewhere on D than on an earlier day.
create function link_changed(
  since date, as_of date default (now() at time zone 'Asia/Shanghai')::date,
  known_by date default (now() at time zone 'Asia/Shanghai')::date
) returns table (id slug, state_before text, stage_before text) language sql stable as $$
  select n.id, p.state, p.stage
  from link_as_of(as_of, known_by) n left join link_as_of(link_changed.since, known_by) p on p.id = n.id   -- not n.since
  where (n.state, n.stage) is distinct from (p.state, p.stage)
$$;

-- What sources published by K attest, corrected or not; and what they declare.
create function attestation_published(known_by date) returns setof attestation language sql stable as $$
  select a.* from attestation a join source s on s.id = a.source_id where s.published_latest <= known_by $$;
create function design_value_published(known_by date) returns setof design_value language sql stable as $$
  select v.* from design_value v join source s on s.id = v.source_id where s.published_latest <= known_by $$;
create function source_published(known_by date) returns setof source language sql stable as $$
  select * from source s where s.published_latest <= known_by $$;
