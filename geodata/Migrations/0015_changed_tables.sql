-- Who keeps answers must know which of them a change touches: beside the number, which goes on as it was, a message names each table that moved it.
create or replace function move_data_version() returns trigger language plpgsql as $$
declare change numeric := 0; moved bigint;
begin
  if tg_op in ('INSERT', 'UPDATE') then
    change := change + coalesce((select sum(content_of(to_jsonb(r), tg_table_name)) from new_rows r), 0);
  end if;
  if tg_op in ('DELETE', 'UPDATE') then
    change := change - coalesce((select sum(content_of(to_jsonb(r), tg_table_name)) from old_rows r), 0);
  end if;
  update data_version set content_sum = content_sum + change,
    number = number + (changed_in <> pg_current_xact_id())::int, changed_in = pg_current_xact_id(), changed_at = now()
    where change <> 0 returning number into moved;
  if moved is not null then
    perform pg_notify('jietong_data', moved::text), pg_notify('jietong_tables', moved || ' ' || tg_table_name);
  end if;
  return null;
end $$;
