-- Writing by people: who may, what they wrote, and a role for readers, which can write nothing.

-- A role belongs to the whole server: another database may have made it, or be making it just now.
do $$
begin
  begin
    if not exists (select from pg_roles where rolname = 'jietong_reader') then create role jietong_reader nologin; end if;
  exception when duplicate_object or unique_violation then null;
  end;
  begin   -- only who may take the role can; a superuser always may
    perform set_config('role', 'jietong_reader', true), set_config('role', 'none', true);
  exception when insufficient_privilege then
    begin
      execute format('grant jietong_reader to %I', current_user);
    exception when unique_violation then null;
    end;
  end;
exception when insufficient_privilege then
  raise exception using errcode = 'insufficient_privilege', message = format(
    'The database needs a role that can only read, and %1$I may not make it. An administrator of the server must run once: '
    'CREATE ROLE jietong_reader NOLOGIN; GRANT jietong_reader TO %1$I; (For the database that ./run keeps: ./run stop, then repeat the command.)', current_user);
end $$;

-- Who may read where reading is keyed, and who may write. Only the hash of a key is stored; the key itself is random enough (32 bytes) that
-- a plain SHA-256 cannot be turned back.
create table api_key (
  id slug primary key,
  name words not null,
  key_hash bytea not null unique check (length(key_hash) = 32),
  role text not null check (role in ('reader', 'editor')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > created_at),
  revoked_at timestamptz
);

-- What people wrote, and when; what was loaded from files is not here.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  who words not null,
  action text not null check (action in ('insert', 'update')),
  table_name text not null, row_id text not null,
  content jsonb not null,        -- the row as written; of an update, the row before and after
  data_version bigint not null
);
create index audit_row on audit (table_name, row_id);

create function audit_is_final() returns trigger language plpgsql as $$
begin raise exception using errcode = 'restrict_violation', message = 'what was written by whom is never changed: audit only grows'; end $$;
create trigger audit_is_final before update or delete on audit for each row execute function audit_is_final();
create trigger audit_is_final_truncate before truncate on audit for each statement execute function audit_is_final();

-- A source can be amended now: its grade must go on carrying its targets too.
create or replace function grade_stays_above_its_statements() returns trigger language plpgsql as $$
begin
  if new.grade not in ('GOV', 'STATE') and exists (
      select from (select source_id, basis from attestation union all select source_id, basis from target) s
      where s.source_id = new.id and (s.basis = 'stated' or new.grade = 'DATA')) then
    raise exception using errcode = 'check_violation', column = 'grade',
      message = format('source %s carries attestations or targets that grade %s cannot', new.id, new.grade);
  end if;
  return new;
end $$;

-- Readers see all tables but the keys. Functions are anybody's to call; they run with the caller's rights. PostGIS's own tables are not ours to grant.
do $$
declare ours regclass;
begin
  for ours in select c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.oid <> 'api_key'::regclass
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') loop
    execute format('grant select on %s to jietong_reader', ours);
  end loop;
end $$;
alter default privileges in schema public grant select on tables to jietong_reader;
