# Runs a PostgreSQL on 127.0.0.1, port $1, until standard input closes; says `ready`, or what is wrong.
set -eu
port=$1
for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
  [ -d "$folder" ] && PATH=$PATH:$folder
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/postgres-for-tests.XXXXXX")
log=$folder/log

ends() {
  trap - EXIT
  [ -z "${server:-}" ] || { kill -QUIT "$server" && wait "$server"; } >/dev/null 2>&1 || :
  [ -z "${container:-}" ] || docker rm --force --volumes "$container" >/dev/null 2>&1 || :
  rm -rf "$folder"
}
trap ends EXIT

gives_up() {
  echo "$1"
  tail -n 5 "$log" 2>/dev/null || :
  exit 1
}

if command -v initdb >/dev/null && command -v postgres >/dev/null; then
  as=
  if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    as="setpriv --reuid=$(id -u "$user") --regid=$(id -g "$user") --clear-groups"
    chown "$user" "$folder"
  fi
  # Nobody else gets to it: it listens on loopback, and is gone in a minute.
  $as initdb -D "$folder/data" -U tests --auth=trust --encoding=UTF8 --no-sync >"$log" 2>&1 || gives_up "initdb fails:"
  $as postgres -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c max_connections=200 >"$log" 2>&1 &
  server=$!
  alive() { kill -0 "$server" 2>/dev/null; }
  answers() { pg_isready -q -h 127.0.0.1 -p "$port"; }
elif command -v docker >/dev/null && docker info >/dev/null 2>&1; then
  container=$(docker run --detach --publish "127.0.0.1:$port:5432" --env POSTGRES_USER=tests \
    --env POSTGRES_PASSWORD=tests --env POSTGRES_DB=postgres "${POSTGRES_IMAGE:-postgres:15-bookworm}" \
    -c fsync=off -c max_connections=200 2>"$log") || gives_up "docker run fails:"
  alive() { [ "$(docker inspect --format '{{.State.Running}}' "$container")" = true ]; }
  answers() { docker exec "$container" pg_isready -q -h 127.0.0.1; }
else
  gives_up "install its programs (Debian: postgresql; Homebrew: postgresql@17), or start Docker, or set DATABASE_URL"
fi

until answers; do
  alive || gives_up "it does not start:"
  sleep 0.05
done
echo ready
read -r _ || :
