# Sourced by database.sh: a private PostgreSQL under .data/pg, for machines without Docker.
# Descriptor 8 is its data folder, opened by us, and the server gets the folder as /proc/self/fd/8: so it also runs where
# its user may not pass the folders above (a checkout under /root), and needs no privilege for that.
# shellcheck shell=bash disable=SC2034,SC2154

pg=$data/pg
here=/proc/self/fd/8

# Sets bin: the newest PostgreSQL ≥ 15 here that has PostGIS ≥ 3.3; where there are data, the version that wrote them.
find_postgres() {
  local folder major postgis wanted
  wanted=$(cat "$pg/PG_VERSION" 2>/dev/null || true) bin=''
  for folder in /usr/lib/postgresql/*/bin; do
    major=${folder%/bin} major=${major##*/}
    if ! [ -x "$folder/initdb" ] || [ "$major" -lt 15 ] || [ "$major" != "${wanted:-$major}" ]; then continue; fi
    postgis=$(sed -n "s/^default_version *= *'\([0-9.]*\).*/\1/p" "/usr/share/postgresql/$major/extension/postgis.control" 2>/dev/null || true)
    printf '3.3\n%s\n' "${postgis:-0}" | sort -V -C && bin=$folder
  done
  [ -n "$bin" ]
}

# Installs PostgreSQL with PostGIS: the version of the data, else 15, else the newest on offer. The packages would make
# and start a cluster of their own; a setting that stays only while they install keeps them from it.
install_postgres() {
  local majors major setting=/etc/postgresql-common/createcluster.d/jietong.conf as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  apt update || true
  majors=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | sed 's/^postgresql-\([0-9]*\)-.*/\1/' | sort -n)
  major=$(cat "$pg/PG_VERSION" 2>/dev/null || grep -x 15 <<<"$majors" || tail -n 1 <<<"$majors")
  [ "${major:-0}" -ge 15 ] || return 0
  ${as_root[@]+"${as_root[@]}"} sh -c "mkdir -p ${setting%/*} && echo 'create_main_cluster = false' >$setting"
  (install_packages "postgresql-$major" "postgresql-$major-postgis-3") || true
  ${as_root[@]+"${as_root[@]}"} sh -c "rm -f $setting; rmdir --ignore-fail-on-non-empty ${setting%/*}"
}

# Finds PostgreSQL or installs it, else says what lacks and which ways lead out.
need_postgres() {
  local data_of=''
  find_postgres && return
  if can_install; then install_postgres; fi
  find_postgres && return
  [ ! -f "$pg/PG_VERSION" ] || data_of=" (the data under .data/pg were written by version $(cat "$pg/PG_VERSION"))"
  die "There is no database: no Docker engine with Compose answers, JIETONG_DB is not set, and under /usr/lib/postgresql" \
    "there is no PostgreSQL ≥ 15 with PostGIS ≥ 3.3$data_of. Three ways out:" \
    "  1. start Docker, and repeat the command" \
    "  2. as root: apt-get update && apt-get install postgresql-15 postgresql-15-postgis-3" \
    "  3. name a server: JIETONG_DB='Host=…;Port=5432;Database=…;Username=…;Password=…' $0"
}

# Sets owner: who runs the server. PostgreSQL refuses root, so root hands it to whom the data belong, or to postgres.
find_owner() {
  owner=$(id -un)
  [ ! -d "$pg" ] || owner=$(stat -c %U "$pg")
  if [ "$owner" = root ]; then owner=postgres; fi
  [ "$(id -u)" = 0 ] || [ "$owner" = "$(id -un)" ] ||
    die "The database under .data/pg belongs to $owner. Run this as $owner or root, or name another one in JIETONG_DB."
  id "$owner" >/dev/null 2>&1 || die "There is no user $owner to run PostgreSQL as, and it does not run as root."
}

# Runs a command as the owner of the data, with nothing of the caller's environment.
as_owner() {
  local drop=()
  [ "$(id -un)" = "$owner" ] || drop=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups)
  (cd / && exec ${drop[@]+"${drop[@]}"} env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 "$@") 9>&-
}

# Makes the data folder under another name first: one that is there is complete. Nobody can log in as superuser;
# the program's role may create databases, and template1 gives each of them PostGIS; of other roles it has only that of
# readers, who write nothing. Single-user mode ends with 0 whatever happens, so its output tells.
create_cluster() {
  local log=$logs/create.log
  say "Creating a private database under .data/pg (log: .data/log/create.log) …"
  rm -rf "$pg.new"
  mkdir -m 700 "$pg.new"
  if [ "$(id -u)" = 0 ]; then chown "$owner:" "$pg.new"; fi
  make_password
  exec 8<"$pg.new"
  as_owner "$bin/initdb" -D $here -U postgres --auth=reject --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    </dev/null >"$log" 2>&1 || die "The database could not be created:" "$(tail -n 10 "$log")"
  echo 'host all jietong 127.0.0.1/32 scram-sha-256' >"$pg.new/pg_hba.conf"
  cat >>"$pg.new/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
CONF
  as_owner "$bin/postgres" --single -D $here template1 >>"$log" 2>&1 <<SQL
CREATE EXTENSION postgis
CREATE ROLE jietong LOGIN CREATEDB PASSWORD '$(cat "$data/password")'
CREATE ROLE jietong_reader NOLOGIN
GRANT jietong_reader TO jietong
CREATE DATABASE jietong OWNER jietong
SQL
  if grep -E '(ERROR|FATAL|PANIC): ' "$log" >&2; then die "The database could not be created: see .data/log/create.log."; fi
  touch "$data/reader"
  mv "$pg.new" "$pg"
}

# Gives the role of readers to a cluster that was made before there was one; no server may work on it then.
add_reader() {
  [ ! -f "$data/reader" ] || return 0
  as_owner "$bin/postgres" --single -D $here template1 >>"$logs/create.log" 2>&1 <<'SQL' || return 0
CREATE ROLE jietong_reader NOLOGIN
GRANT jietong_reader TO jietong
SQL
  touch "$data/reader"
}

# Whether a server works on the data. A server that we start holds a lock on the folder for as long as one of its
# processes lives, which no reused process number can feign and no container that shares the folder can hide. One started
# by hand holds no lock, but works in the folder. If none does, the lock is ours to hand to the server about to start.
cluster_is_alive() {
  local pid
  exec 8<"$pg"
  flock -n 8 || return 0
  pid=$(head -n 1 "$pg/postmaster.pid" 2>/dev/null) || return 1
  [ "$(as_owner readlink "/proc/$pid/cwd" 2>/dev/null)" = "$pg" ]
}

cluster_answers() {
  [[ $(sed -n 8p "$pg/postmaster.pid" 2>/dev/null) == ready* ]] && port_is_taken 127.0.0.1 "$(cat "$data/port")"
}

# Succeeds when the server that works on the data answers; fails when none does (any more).
wait_for_cluster() {
  local waited
  for ((waited = 0; waited < 600; waited++)); do
    cluster_is_alive || return 1
    if cluster_answers; then exec 8>&-; return; fi
    if [ $waited = 5 ]; then say "Waiting for the database under .data/pg, which is starting or ending …"; fi
    if [ $waited -gt 25 ] && grep -q ^ready "$pg/postmaster.pid"; then
      die "The database under .data/pg is in use, but does not answer on port $(cat "$data/port"): it was started by hand," \
        "or by another container that shares this folder. Stop it there, or name another database in JIETONG_DB."
    fi
    sleep 0.2
  done
  die "The database under .data/pg does not get ready: see .data/log/postgres.log."
}

# Starts the private server unless it runs; creates it first where there is none.
start_cluster() {
  local log=$logs/postgres.log attempt
  if [ -f "$pg/PG_VERSION" ]; then
    find_owner
    if wait_for_cluster; then return; fi
    need_postgres
  else
    need_postgres
    find_owner
    create_cluster
    cluster_is_alive || true # takes the lock
  fi
  rm -f "$pg/postmaster.pid" # of a server that is dead; its number may be another process's by now
  add_reader
  if [ "$(wc -c 2>/dev/null <"$log" || echo 0)" -gt 20000000 ]; then mv "$log" "$log.old"; fi
  for attempt in 1 2 3; do
    choose_port
    say "Starting the private database on 127.0.0.1:$port (log: .data/log/postgres.log; ./run stop ends it) …"
    if as_owner "$bin/pg_ctl" -D $here -s -w -t 300 -o "-p $port" start </dev/null >>"$log" 2>&1; then
      exec 8>&-
      started_cluster=yes
      return
    fi
    port_is_taken 127.0.0.1 "$port" || break # else somebody took the port a moment ago
  done
  die "The private database did not start:" "$(tail -n 10 "$log")"
}

# Ends the private server; fails if none runs.
stop_cluster() {
  [ -f "$pg/PG_VERSION" ] && find_owner && cluster_is_alive && find_postgres || return 1
  as_owner "$bin/pg_ctl" -D $here -s -m fast -w stop </dev/null >>"$logs/postgres.log" 2>&1 ||
    die "The private database did not stop:" "$(tail -n 5 "$logs/postgres.log")"
}
