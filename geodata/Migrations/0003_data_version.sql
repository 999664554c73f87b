-- The data version: a number that every write transaction moves once, and a hash of what is stored.
-- The hash is a sum over rows of a 64-bit hash of each row (a multiset hash: Clarke et al. 2003, MSet-Add-Hash), so it needs no order,
-- is kept up row by row, and is the same for the same content however it came to be. When a row was recorded is left out of it.
create table data_version (
  singleton boolean primary key default true check (singleton),
  number bigint not null default 0,
  content_sum numeric not null default 0,
  content_hash text not null generated always as (md5(content_sum::text)) stored,
  changed_at timestamptz not null default now(),
  changed_in xid8 not null default '0'
);
insert into data_version default values;

create function content_of(row_as_json jsonb, table_name text) returns numeric language sql immutable as $$
  select hashtextextended(table_name || (row_as_json - 'recorded_at')::text, 20180629)::numeric $$;

create function move_data_version() returns trigger language plpgsql as $$
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
  if moved is not null then perform pg_notify('jietong_data', moved::text); end if;
  return null;
end $$;

create function no_truncate() returns trigger language plpgsql as $$
begin raise exception 'delete the rows instead: truncating % would leave the data version behind', tg_table_name; end $$;

create procedure keep_data_version(tables text[]) language plpgsql as $$
declare t text;
begin
  foreach t in array tables loop
    execute format('create trigger version_insert after insert on %I referencing new table as new_rows for each statement execute function move_data_version()', t);
    execute format('create trigger version_update after update on %I referencing old table as old_rows new table as new_rows for each statement execute function move_data_version()', t);
    execute format('create trigger version_delete after delete on %I referencing old table as old_rows for each statement execute function move_data_version()', t);
    execute format('create trigger version_truncate before truncate on %I for each statement execute function no_truncate()', t);
  end loop;
end $$;
call keep_data_version(array['source', 'jurisdiction', 'list', 'link', 'position_source', 'link_side', 'link_reference', 'link_unit', 'design_value',
  'attestation', 'target', 'claim']);

-- Which shipped register files were loaded, so that they are loaded once.
create table register_load (files_hash text primary key, loaded_at timestamptz not null default now());
