#!/bin/sh
# The contract is the one documented for the official image (hub.docker.com/_/mysql): with an empty data folder it makes a
# database as the MYSQL_* variables and /docker-entrypoint-initdb.d say, then it becomes the server.
set -eu

data=/var/lib/mysql

note() { echo "$(date --rfc-3339=seconds) [Note] [Entrypoint]: $*"; }
fail() { echo "$(date --rfc-3339=seconds) [ERROR] [Entrypoint]: $*" >&2; exit 1; }

# from_file NAME: takes NAME's value from the file that NAME_FILE names. Both at once are a contradiction.
from_file() {
  eval "value=\${$1-} file=\${$1_FILE-}"
  [ -z "$value" ] || [ -z "$file" ] || fail "Both $1 and $1_FILE are set (but are exclusive)"
  [ -z "$file" ] || value=$(cat "$file")
  export "$1=$value"
  unset "$1_FILE"
}

# As an SQL string, in quotes.
sql_string() { printf "'%s'" "$(printf %s "$1" | sed -e 's/\\/\\\\/g' -e "s/'/''/g")"; }
sql_name() { printf '`%s`' "$(printf %s "$1" | sed -e 's/`/``/g')"; }

check_environment() {
  [ -n "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ] || fail \
    "Database is uninitialized and password option is not specified: you need to specify one of" \
    "MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD and MYSQL_RANDOM_ROOT_PASSWORD"
  [ "$MYSQL_USER" != root ] || fail \
    'MYSQL_USER="root": MYSQL_USER and MYSQL_PASSWORD are for a regular user and cannot be used for the root user'
  [ -z "$MYSQL_USER" ] || [ -n "$MYSQL_PASSWORD" ] || fail 'MYSQL_USER is specified, but missing MYSQL_PASSWORD'
}

make_data_folder() {
  note 'Initializing database files'
  mariadb-install-db --user=mysql --datadir="$data" --skip-test-db \
    --auth-root-authentication-method=normal > /dev/null
  note 'Database files initialized'
}

start_temporary_server() {
  note 'Starting temporary server'
  "$@" --skip-networking &
  server=$!
  for _ in $(seq 300); do
    ! mariadb-admin ping > /dev/null 2>&1 || { note 'Temporary server started.'; return; }
    kill -0 "$server" 2> /dev/null || fail 'Unable to start server.'
    sleep 0.1
  done
  fail 'The temporary server does not answer after 30 s.'
}

stop_temporary_server() {
  note 'Stopping temporary server'
  kill "$server"
  wait "$server" || fail 'Unable to shut down server.'
  note 'Temporary server stopped'
}

# The client as root. The password travels in the environment, not in the process list.
client() { MYSQL_PWD=${root_password-} mariadb --protocol=socket -uroot -hlocalhost --comments "$@"; }

set_up_root() {
  if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    MYSQL_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
    note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
  fi
  password=$(sql_string "$MYSQL_ROOT_PASSWORD")
  host=${MYSQL_ROOT_HOST:-%}
  remote=
  [ "$host" = localhost ] || remote="
    CREATE USER 'root'@$(sql_string "$host") IDENTIFIED BY $password;
    GRANT ALL ON *.* TO 'root'@$(sql_string "$host") WITH GRANT OPTION;"
  client --database=mysql <<SQL
    SET @@SESSION.SQL_LOG_BIN = 0;
    DELETE FROM global_priv WHERE User = '' OR Host NOT IN ('localhost', '');
    DELETE FROM proxies_priv WHERE Host <> 'localhost';
    FLUSH PRIVILEGES;
    $remote
    SET PASSWORD FOR 'root'@'localhost' = PASSWORD($password);
SQL
  root_password=$MYSQL_ROOT_PASSWORD
}

set_up_database() {
  [ -z "$MYSQL_DATABASE" ] || {
    note "Creating database $MYSQL_DATABASE"
    client -e "CREATE DATABASE IF NOT EXISTS $(sql_name "$MYSQL_DATABASE")"
  }
  [ -n "$MYSQL_USER" ] || return 0
  user="$(sql_string "$MYSQL_USER")@'%'"
  note "Creating user $MYSQL_USER"
  client <<SQL
    CREATE USER $user IDENTIFIED BY $(sql_string "$MYSQL_PASSWORD");
SQL
  [ -z "$MYSQL_DATABASE" ] || {
    note "Giving user $MYSQL_USER access to schema $MYSQL_DATABASE"
    client -e "GRANT ALL ON $(sql_name "$(printf %s "$MYSQL_DATABASE" | sed 's/_/\\_/g')").* TO $user"
  }
}

run_user_scripts() {
  database=${MYSQL_DATABASE:+--database=$MYSQL_DATABASE}
  for file in /docker-entrypoint-initdb.d/*; do
    [ -e "$file" ] || continue
    note "running $file"
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) client ${database:+"$database"} < "$file" ;;
      *.sql.gz) gzip -dc "$file" | client ${database:+"$database"} ;;
      *.sql.xz) xz -dc "$file" | client ${database:+"$database"} ;;
      *) note "ignoring $file" ;;
    esac
  done
}

make_database() {
  check_environment
  make_data_folder
  start_temporary_server "$@"
  [ -n "${MYSQL_INITDB_SKIP_TZINFO-}" ] || mariadb-tzinfo-to-sql /usr/share/zoneinfo 2> /dev/null | client --database=mysql
  set_up_root
  set_up_database
  run_user_scripts
  stop_temporary_server
  note 'MySQL init process done. Ready for start up.'
}

case ${1-} in -*) set -- mysqld "$@" ;; esac

if [ "${1-}" = mysqld ]; then
  note "Entrypoint script for MySQL Server ($(mysqld --version)) started."
  for variable in MYSQL_ROOT_HOST MYSQL_ROOT_PASSWORD MYSQL_ALLOW_EMPTY_PASSWORD MYSQL_RANDOM_ROOT_PASSWORD \
    MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do
    from_file "$variable"
  done
  find "$data" /run/mysqld \! -user mysql -exec chown mysql '{}' + 2> /dev/null || true
  [ -d "$data/mysql" ] || make_database "$@"
  unset MYSQL_ROOT_PASSWORD MYSQL_PASSWORD
fi
exec "$@"
