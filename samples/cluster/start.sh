#!/usr/bin/env bash
# Starts a cluster on this machine: PostgreSQL (a primary and a synchronous standby), three authorities, nginx in front of them, two gateways.
# All on loopback; Ctrl+C ends everything. Other ports: CLUSTER_PORT (5080, a multiple of ten; the 22 after it belong to the rest). Data, logs and process ids are in a temporary folder, samples/cluster/run leads there.
set -euo pipefail
cd "$(dirname "$0")/../.."
source samples/cluster/common.sh
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need dotnet "install the .NET 10 SDK"
need curl "sudo apt-get install curl"
need nginx "sudo apt-get install nginx-light"
[ -n "$postgres" ] || { echo "PostgreSQL is missing: sudo apt-get install postgresql" >&2; exit 1; }
if [ -e "$run" ]; then echo "$run is there: the sample runs already (else remove it)" >&2; exit 1; fi

built=${SAMPLES_BUILT:-} # Debug or Release: what was built before; else it is built now
if [ -z "$built" ]; then
  built=Release
  echo "Building"
  for program in Server Gateway; do said=$(dotnet build "src/Symbolon.$program" -c $built -v q --nologo) || { echo "$said" >&2; exit 1; }; done
fi

folder=$(mktemp -d)
chmod 711 "$folder"
mkdir -m 700 "$folder/postgres" "$folder/secrets"
[ "$(id -u)" != 0 ] || chown postgres "$folder/postgres"
ln -sT "$folder" "$run"
started=()
stop() {
  trap '' INT TERM
  trap - EXIT
  for one in "${started[@]}"; do kill "$one" 2>/dev/null && kill -CONT "$one" 2>/dev/null || true; done
  for data in primary standby; do as_postgres "$postgres/pg_ctl" -D "$folder/postgres/$data" -m immediate stop >/dev/null 2>&1 || true; done
  wait
  rm -rf "$run" "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

# -- PostgreSQL: the standby is a copy of the primary, and a commit counts when both have it.
database() { as_postgres "$postgres/pg_ctl" -D "$folder/postgres/$1" -w -t 30 -l "$folder/postgres/$1.log" -o "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/postgres" start >/dev/null; echo "$1: postgresql, port $2"; }
sql() { PGPASSWORD=$password psql -h 127.0.0.1 -p "$1" -U symbolon -d "${3:-postgres}" -qAtc "$2"; }
password=$(head -c 24 /dev/urandom | sha256sum | cut -c1-32)
as_postgres sh -c "umask 077; echo $password >$folder/postgres/password"
as_postgres "$postgres/initdb" -D "$folder/postgres/primary" -U symbolon --pwfile="$folder/postgres/password" --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8 >/dev/null
database primary "$primary_port"
PGPASSWORD=$password as_postgres "$postgres/pg_basebackup" -h 127.0.0.1 -p "$primary_port" -U symbolon -D "$folder/postgres/standby" -R -C -S standby \
  -d "application_name=standby password=$password" >/dev/null
database standby "$standby_port"
until [ "$(sql "$primary_port" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 1 ]; do sleep 0.2; done
sql "$primary_port" "ALTER SYSTEM SET synchronous_standby_names = 'standby'"
sql "$primary_port" "SELECT pg_reload_conf()" >/dev/null
sql "$primary_port" "CREATE DATABASE symbolon"

start() { # name, an address that answers once it is there, command
  if curl -s -o "$folder/answer" "$2"; then echo "$2 answers already: end what runs there" >&2; exit 1; fi
  "${@:3}" >"$folder/$1.log" 2>&1 &
  started+=($!)
  echo $! >"$folder/$1.pid"
}

there() { # name, address
  for _ in $(seq 300); do
    if curl -sf -o "$folder/answer" "$2"; then echo "$1: $2"; return; fi
    kill -0 "$(cat "$folder/$1.pid")" 2>/dev/null || break
    sleep 0.2
  done
  echo "$1 does not answer. Its log:" >&2
  cat "$folder/$1.log" >&2
  exit 1
}

# -- Three authorities, alike: the same database, the same master key, the same clients. They may start all at once.
(umask 077; head -c 32 /dev/urandom | base64 >"$folder/secrets/master.key")
secret=$(head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1)
for n in 1 2 3; do
  start "authority-$n" "http://127.0.0.1:$(authority_port $n)/health/ready" env ASPNETCORE_URLS="http://127.0.0.1:$(authority_port $n)" \
    Symbolon__Issuer="$authority" Symbolon__Proxies__0=127.0.0.1 \
    Symbolon__Storage__Provider=postgresql \
    ConnectionStrings__Symbolon="Host=127.0.0.1:$primary_port,127.0.0.1:$standby_port;Database=symbolon;Username=symbolon;Password=$password" \
    Symbolon__MasterKeys__0__Id=1 Symbolon__MasterKeys__0__File="$folder/secrets/master.key" \
    Symbolon__Admin__Password="the administrator of a sample" \
    Symbolon__Clients__0__Id=gateway Symbolon__Clients__0__SecretHash="$(printf %s "$secret" | sha256sum | cut -d' ' -f1)" \
    Symbolon__Clients__0__Scopes__0=revocations \
    dotnet "src/Symbolon.Server/bin/$built/net10.0/symbolon.dll"
done
for n in 1 2 3; do there "authority-$n" "http://127.0.0.1:$(authority_port $n)/health/ready"; done

sed -e "s/127\.0\.0\.1:508\([0-3]\)/127.0.0.1:$((port / 10))\1/" samples/cluster/nginx.conf >"$folder/nginx.conf"
start balancer "$authority/health/ready" nginx -e stderr -p "$folder" -c "$folder/nginx.conf"
there balancer "$authority/health/ready"

for n in 1 2; do
  start "gateway-$n" "http://127.0.0.1:$(gateway_port $n)/health/ready" env ASPNETCORE_URLS="http://127.0.0.1:$(gateway_port $n)" \
    Gateway__Issuer="$authority" Gateway__Rules="$PWD/samples/rules.yaml" \
    Gateway__Feed__Url="$authority/revocations" Gateway__Feed__ClientId=gateway Gateway__Feed__ClientSecret="$secret" \
    dotnet "src/Symbolon.Gateway/bin/$built/net10.0/symbolon-gateway.dll"
done
for n in 1 2; do there "gateway-$n" "http://127.0.0.1:$(gateway_port $n)/health/ready"; done

echo "All there: $authority (Ctrl+C ends everything). Now, in another terminal: samples/cluster/try.sh"
wait
