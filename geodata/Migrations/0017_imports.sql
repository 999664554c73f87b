-- What somebody brought: one row for each body of data that is brought anew from time to time. Its content is a function of its file, of how that was
-- read and of the program's reader, and the rows made from it are written by imports alone: this row's hash stands for them all in the data version,
-- which row-by-row hashes of a city's streets would hold up by minutes.
create table dataset (
  id slug primary key,
  layer text not null check (layer in ('streets', 'timetable', 'opportunities', 'features')),
  source_id slug not null references source,
  format text not null, file_name words not null, file_bytes bigint not null check (file_bytes >= 0),
  file_hash text not null check (file_hash ~ '^[0-9a-f]{64}$'),   -- SHA-256
  content_hash text not null,                                    -- of the file, the settings and the reader's version
  settings jsonb not null,                                       -- as given and as found: datum, reference system, encoding, columns
  figures jsonb not null,                                        -- what was counted
  recorded_at timestamptz not null default now()
);
call keep_data_version(array['dataset']);
