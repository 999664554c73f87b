-- Names of imported rows are compared as bytes, which is what they are, and what makes indexes of them in half the time;
-- and that a dataset's name is one is checked where the dataset stands, not with every row.
do $$
declare change text;
begin
  for change in
    select format('alter table %s %s', attrelid::regclass, string_agg(format('alter column %I type text collate "C"', attname), ', ' order by attnum))
    from pg_attribute
    where attname ~ '(^|_)id$' and atttypid in ('text'::regtype, 'slug'::regtype)
      and attrelid in (select attrelid from pg_attribute join pg_class c on c.oid = attrelid where attname = 'dataset_id' and attnum = 1 and relkind = 'r' and relnamespace = current_schema::regnamespace)
    group by attrelid
  loop
    execute change;
  end loop;
end $$;
