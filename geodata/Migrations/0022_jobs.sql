-- Work that takes longer than an answer may: asked for over HTTP, done by whichever server takes it first, told by its state.
create table job (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('import')),
  who words not null,
  request jsonb not null,
  status text not null default 'accepted' check (status in ('accepted', 'running', 'successful', 'failed', 'dismissed')),   -- OGC API - Processes, statusCode
  attempts integer not null default 0,
  progress smallint check (progress between 0 and 100), message text,
  result jsonb,                                            -- of a successful job its answer, of a failed one the problem
  created_at timestamptz not null default now(), started_at timestamptz, finished_at timestamptz, updated_at timestamptz not null default now(),
  lease_until timestamptz                                  -- who works on it prolongs this; past it, the worker is gone and another takes over
);
create index job_open on job (created_at) where status in ('accepted', 'running');

-- What was sent with it, in pieces; gone when it is done.
create table job_file (
  job_id uuid not null references job on delete cascade, name text not null, piece integer not null, bytes bytea not null,
  primary key (job_id, name, piece)
);
alter table job_file alter bytes set storage external;     -- what is sent is packed already

revoke select on job, job_file from jietong_reader;        -- editors' business
