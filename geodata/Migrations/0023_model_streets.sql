-- What a model takes from an imported street network: which datasets it is, and where the register says that roads are to join it. Null where there is none.
-- The streets themselves stay in their tables: the datasets' hashes stand for them.
create function model_streets() returns jsonb language sql stable
  return (select jsonb_build_object(
    'datasets', jsonb_agg(jsonb_build_object('id', d.id, 'fileName', d.file_name, 'contentHash', d.content_hash) order by d.id),
    'links', (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'names', to_jsonb(array_prepend(l.name_zh::text, l.other_names)),
        'roads', (select jsonb_agg(s.road_name_zh order by s.side) from link_side s where s.link_id = l.id),
        'lines', case when GeometryType(l.geom) = 'MULTILINESTRING' then ST_AsGeoJSON(l.geom, 7)::jsonb -> 'coordinates' end) order by l.id), '[]')
        from link l where l.kind = 'road'))
    from dataset d where d.layer = 'streets' having count(*) > 0);
