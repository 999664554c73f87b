#!/bin/bash
# Run once by the database image, when its volume is new: the program's role may create databases but is no superuser
# (of other roles it has only that of readers, who write nothing), and template1 gives each of them PostGIS (and none of the image's other extensions).
set -euo pipefail
psql -qX -v ON_ERROR_STOP=1 -v password="$JIETONG_PASSWORD" -U postgres -d template1 <<'SQL'
CREATE EXTENSION postgis;
CREATE ROLE jietong LOGIN CREATEDB PASSWORD :'password';
CREATE ROLE jietong_reader NOLOGIN;
GRANT jietong_reader TO jietong;
CREATE DATABASE jietong OWNER jietong;
SQL
