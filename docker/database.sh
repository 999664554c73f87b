# Sourced by ./run and ./test: makes sure of a database and ends it again.
# JIETONG_DB if it is set, else PostGIS in Docker, else a private PostgreSQL under .data/pg. What was used first is kept
# to (.data/provider): a Docker engine that comes or goes must not hide anybody's data.
# shellcheck shell=bash disable=SC2154

# shellcheck source=docker/cluster.sh
. "$root/docker/cluster.sh"

project=jietong-$(printf %s "$root" | cksum | cut -d ' ' -f 1)

docker_answers() {
  command -v docker >/dev/null && limited 3 docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1
}

compose() {
  COMPOSE_PROJECT_NAME=$project JIETONG_PASSWORD=$(cat "$data/password") JIETONG_DB_PORT=$(cat "$data/port") \
    docker compose -f "$root/docker/compose.yaml" "$@" </dev/null 9>&-
}

# Starts the db service of compose.yaml, if it is not up and healthy; fails if Docker cannot.
start_docker() {
  [ "$(limited 3 docker inspect -f '{{.State.Health.Status}}' "$project-db-1" 2>/dev/null)" != healthy ] ||
    [ ! -s "$data/port" ] || [ ! -s "$data/password" ] || return 0
  say "Starting PostgreSQL with PostGIS in Docker (log: .data/log/docker.log; ./run stop ends it) …"
  make_password
  choose_port
  compose up -d --wait db >>"$logs/docker.log" 2>&1 || return 1
  # A volume that outlived .data knows an older password; one made before readers had a role has none.
  compose exec -T db sh -c "echo \"ALTER ROLE jietong PASSWORD '\$JIETONG_PASSWORD'\" | psql -qX -U postgres" >>"$logs/docker.log" 2>&1
  compose exec -T db psql -qX -U postgres -c 'CREATE ROLE jietong_reader NOLOGIN' -c 'GRANT jietong_reader TO jietong' >>"$logs/docker.log" 2>&1 || true
}

# Sets provider and exports JIETONG_DB, the address of a database that is up.
ensure_database() {
  provider=given
  [ -z "${JIETONG_DB:-}" ] || return 0
  provider=$(cat "$data/provider" 2>/dev/null || true)
  case $provider in
    docker)
      docker_answers || die "The database is in Docker, which does not answer. Start Docker, or set JIETONG_DB," \
        "or begin anew with a private PostgreSQL: rm .data/provider"
      start_docker || die "Docker could not start the database:" "$(tail -n 5 "$logs/docker.log")"
      ;;
    cluster) start_cluster ;;
    *)
      provider=cluster
      if docker_answers; then
        if start_docker; then
          provider=docker
        else
          say "Docker could not (see the log). Using a private PostgreSQL instead."
        fi
      fi
      if [ $provider = cluster ]; then start_cluster; fi
      echo "$provider" >"$data/provider"
      ;;
  esac
  JIETONG_DB="Host=127.0.0.1;Port=$(cat "$data/port");Database=jietong;Username=jietong;Password=$(cat "$data/password")"
  export JIETONG_DB
}

# Ends what ensure_database started, and says so on standard output.
stop_database() {
  local ended=''
  if stop_cluster; then ended="Stopped the private database; its data stay in .data/pg."; fi
  if [ "$(cat "$data/provider" 2>/dev/null)" = docker ] && docker_answers && [ -n "$(compose ps -q 2>/dev/null)" ]; then
    compose down >>"$logs/docker.log" 2>&1 || die "Docker could not stop the database:" "$(tail -n 5 "$logs/docker.log")"
    ended="Stopped the database in Docker; its data stay in the volume ${project}_data."
  fi
  echo "${ended:-Nothing was running.}"
}

# Prints JIETONG_DB as an Npgsql connection string, which it may be already.
address() {
  local url='^postgres(ql)?://(([^:@/]*)(:([^@/]*))?@)?([^:/?]+)(:([0-9]+))?(/([^?]*))?'
  if [[ $JIETONG_DB =~ $url ]]; then
    printf "Host=%s;Port=%s;Database=%s;Username='%b';Password='%b'" "${BASH_REMATCH[6]}" "${BASH_REMATCH[8]:-5432}" \
      "${BASH_REMATCH[10]}" "${BASH_REMATCH[3]//%/\\x}" "${BASH_REMATCH[5]//%/\\x}"
  else
    printf %s "${JIETONG_DB%;}"
  fi
}

# The same with another database: in an Npgsql string the last one counts.
address_of() { printf '%s;Database=%s' "$(address)" "$1"; }

find_psql() { command -v psql || find /usr/lib/postgresql/*/bin/psql 2>/dev/null | tail -n 1 | grep .; }

# Runs one SQL statement on the server of JIETONG_DB and prints its rows.
sql() {
  if [ "$provider" = docker ]; then
    compose exec -T db psql -XAtq -v ON_ERROR_STOP=1 -U jietong -d postgres -c "$1"
    return
  fi
  ( # a subshell: what libpq reads is set for this one call
    IFS=';' read -ra fields <<<"$(address)"
    for field in "${fields[@]}"; do
      value=${field#*=} value=${value#[\'\"]} value=${value%[\'\"]}
      case $(printf %s "${field%%=*}" | tr -d ' ' | tr '[:upper:]' '[:lower:]') in
        host | server) export PGHOST=$value ;;
        port) export PGPORT=$value ;;
        database | db) export PGDATABASE=$value ;;
        username | userid | user | uid) export PGUSER=$value ;;
        password | pwd | psw) export PGPASSWORD=$value ;;
      esac
    done
    PGCONNECT_TIMEOUT=5 PGDATABASE=${PGDATABASE:-postgres} "$(find_psql)" -XAtqw -v ON_ERROR_STOP=1 -c "$1"
  ) </dev/null
}
