-- The words that rows are made of: dates as sources give them, stages in their order, grades in theirs.
create extension if not exists postgis;

-- A date as a source gives it: Extended Date/Time Format (ISO 8601-2, Library of Congress EDTF), the forms
--   2018-06-29 · 2018-06 · 2018 · 2016/2020 (somewhere in it) · ../2023-04-28 (some time up to that day).
-- The range holds every day that the text may mean; its lower end is open where the text leaves it open.
create function edtf(written text) returns daterange language plpgsql immutable strict parallel safe as $$
declare
  part text[];
  first_day date;
  past_end date;
begin
  if written ~ '^\.\./' then
    if substr(written, 4) ~ '/' then raise exception using message = 'three ends'; end if;
    return daterange(null, upper(edtf(substr(written, 4))));
  elsif written ~ '/' then
    part := string_to_array(written, '/');
    if cardinality(part) <> 2 then raise exception using message = 'three ends'; end if;
    if lower(edtf(part[1])) > lower(edtf(part[2])) then raise exception using message = 'ends before it begins'; end if;
    return daterange(lower(edtf(part[1])), upper(edtf(part[2])));
  elsif written ~ '^\d{4}$' then
    first_day := make_date(written::int, 1, 1);
    past_end := first_day + interval '1 year';
  elsif written ~ '^\d{4}-\d{2}$' then
    first_day := make_date(left(written, 4)::int, right(written, 2)::int, 1);
    past_end := first_day + interval '1 month';
  elsif written ~ '^\d{4}-\d{2}-\d{2}$' then
    first_day := make_date(left(written, 4)::int, substr(written, 6, 2)::int, right(written, 2)::int);
    past_end := first_day + 1;
  else
    raise exception using message = 'not a date';
  end if;
  return daterange(first_day, past_end);
exception when others then
  raise exception using errcode = 'invalid_datetime_format',
    message = format('"%s" is not a date: write 2018-06-29, 2018-06, 2018, 2016/2020 or ../2023-04-28', written);
end $$;

create function edtf_earliest(written text) returns date language sql immutable strict parallel safe
  as $$ select lower(edtf(written)) $$;
create function edtf_latest(written text) returns date language sql immutable strict parallel safe
  as $$ select upper(edtf(written)) - 1 $$;
create function edtf_precision(written text) returns text language sql immutable strict parallel safe as $$
  select case when written ~ '/' then 'period' else (array['year', 'month', 'day'])[cardinality(string_to_array(written, '-'))] end $$;

-- How far a stage is along 谋划 … 竣工验收. Beside the row: 停工 stands where works stand, 临时封闭 just below open, 取消 below all.
create function stage_rank(stage text) returns smallint language sql immutable strict parallel safe as $$
  select case stage
    when 'cancelled' then 0 when 'proposed' then 1 when 'approved' then 2 when 'feasibility' then 3 when 'design' then 4
    when 'land' then 5 when 'tender' then 6 when 'suspended' then 7 when 'under_construction' then 7
    when 'structure_complete' then 8 when 'handed_over' then 9 when 'closed' then 9 when 'open' then 10 when 'accepted' then 11
  end::smallint $$;

-- 1 is the best. A dataset tells positions, never stages, and ranks last.
create function grade_rank(grade text) returns smallint language sql immutable strict parallel safe as $$
  select array_position(array['GOV', 'STATE', 'COPY', 'SEC', 'DATA'], grade)::smallint $$;
