-- The key under which layers give out a row of streets, found by an index. That a dataset's name is one is checked where the dataset stands, not with every row;
-- and networks are read whole, so that no index leads from a junction to its streets.
drop index street_from;
drop index street_to;
alter table street alter dataset_id type text;
alter table street_junction alter dataset_id type text;
alter table street_turn alter dataset_id type text;
alter table street_barrier alter dataset_id type text;
alter table map_line alter dataset_id type text;
alter table map_route alter dataset_id type text;
alter table map_stop alter dataset_id type text;
create index street_key on street ((dataset_id || '.' || id));
create index street_junction_key on street_junction ((dataset_id || '.' || id::text));
