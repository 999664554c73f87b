-- An aggregate claim beside what the register attests for the links of a list (of one kind, where that is what is counted) by the day
-- of the claim. Compared, never distributed; and a source does not confirm itself.
create function claim_as_of(known_by date default (now() at time zone 'Asia/Shanghai')::date) returns table (
  id slug, list_id slug, statement_zh text, statement_en text, stage text, count_done integer, count_total integer, as_of text,
  as_of_latest date, kind text, comparable_list_id slug, comparable_kind text, attested_done integer, attested_total integer, attested_ids text[],
  verdict text, reason_zh text, reason_en text, source_id slug, stated_on date, place text, note_zh text, note_en text
) language sql stable as $$
  select c.id, c.list_id, c.statement_zh, c.statement_en, c.stage, c.count_done, c.count_total, c.as_of, c.as_of_latest, c.kind,
    c.comparable_list_id, c.comparable_kind, r.done, r.total, r.ids, v.verdict, v.reason_zh, v.reason_en, c.source_id, s.published_latest, c.place, c.note_zh, c.note_en
  from claim c join source s on s.id = c.source_id
  left join lateral (
    select count(*) filter (where reached)::int as done, count(*)::int as total, array_agg(m.id order by m.id) filter (where reached) as ids,
      count(*) filter (where not reached and m.state = 'unverified')::int as unverified,
      count(*) filter (where reached and m.source_id = c.source_id)::int as own
    from (select x.link_id::text as id, l.state, l.source_id,
            coalesce(case when stage_rank(c.stage) >= 10 then l.state = 'open' else stage_rank(l.stage) >= stage_rank(c.stage) end, false) as reached
          from link_reference x join link k on k.id = x.link_id left join link_as_of(c.as_of_latest, known_by) l on l.id = x.link_id
          where x.list_id = c.comparable_list_id and k.kind = coalesce(c.comparable_kind, k.kind)) m) r on c.comparable_list_id is not null
  left join list ours on ours.id = c.comparable_list_id
  cross join lateral (select * from (values
    (1, c.comparable_list_id is null, 'undecided', '没有可比的清单：条目未点名', 'no list to compare with: the items are not named'),
    (2, c.list_id is distinct from c.comparable_list_id, 'undecided', '两份清单不同，不能逐条对应', 'the lists differ and cannot be matched item by item'),
    (3, r.done > c.count_done, 'contradict', '登记册证实的多于该说法', 'the register attests more than the claim'),
    (4, c.comparable_kind is null and r.total < coalesce(ours.item_count, c.count_total, r.total), 'undecided', '清单有条目未被点名', 'some items of the list are not named'),
    (5, r.done = coalesce(c.count_done, c.count_total, r.total) and r.own > 0, 'undecided', '登记册的依据就是该来源本身', 'the register rests on this very source'),
    (6, r.done = coalesce(c.count_done, c.count_total, r.total), 'agree', '与登记册一致', 'the register attests the same'),
    (7, r.unverified > 0, 'undecided', '有条目待核实', 'some items are unverified'),
    (8, c.kind = 'promise', 'contradict', '到期时登记册未见兑现', 'the register does not show it kept by then'),
    (9, true, 'contradict', '登记册证实的少于该说法', 'the register attests less than the claim')
  ) as rule(n, applies, verdict, reason_zh, reason_en) where applies order by n limit 1) v
  where s.published_latest <= known_by
$$;
