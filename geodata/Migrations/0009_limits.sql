-- What a list inside a row may not exceed: the question is refused rather than answered by half.
create function list_too_long(list_name text, most integer) returns json language plpgsql as $$
begin
  raise exception using errcode = 'program_limit_exceeded', message = format('a row has more than %s %s', most, list_name);
end $$;
