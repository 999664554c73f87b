-- Links that stand elsewhere on day D than on an earlier day, both judged by what is known by K: where they stood, and where they stand.
drop function link_changed(date, date, date);
create function link_changed(
  since date, as_of date default (now() at time zone 'Asia/Shanghai')::date,
  known_by date default (now() at time zone 'Asia/Shanghai')::date
) returns table (
  id slug, name_zh text, name_en text, kind text, state_before text, stage_before text, state text, stage text, since_day date, as_of_day date, known_by_day date
) language sql stable as $$
  select n.id, n.name_zh, n.name_en, n.kind, p.state, p.stage, n.state, n.stage, link_changed.since, link_changed.as_of, link_changed.known_by   -- not n.since
  from link_as_of(as_of, known_by) n left join link_as_of(link_changed.since, known_by) p on p.id = n.id
  where (n.state, n.stage) is distinct from (p.state, p.stage)
$$;
