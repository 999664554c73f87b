-- From a source to what it attests, and from a jurisdiction to the sides in it: relations that are walked row by row.
create index attestation_source on attestation (source_id);
create index link_side_adcode on link_side (adcode);
