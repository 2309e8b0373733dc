#!/usr/bin/env bash
# Tries what samples/cluster/start.sh started: a log-out, an authority killed, the database's primary killed. The last line says whether all was right.
set -euo pipefail
cd "$(dirname "$0")/../.."
source samples/cluster/common.sh
[ -e "$run/balancer.pid" ] || { echo "Nothing runs. First, in another terminal: samples/cluster/start.sh" >&2; exit 1; }
folder=$(readlink -f "$run")
wrong=0
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

json='Content-Type: application/json'
member() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\)\"\{0,1\}.*/\1/p" "$answer"; }
ask() { status=$(curl -s -m 20 -o "$answer" -w '%{http_code}' "$@") || true; }
require() { [ "$1" = "$2" ] || { echo "  expected $2, got $1"; wrong=1; }; }
milliseconds() { date +%s%3N; }
say() { printf '%-66s %s\n' "$1" "$2"; }

login() { # gives token and refresh
  ask "$authority/auth/login" -H "$json" -d "{\"username\":\"$1\",\"password\":\"correct horse battery\"}"
  token=$(member access_token) refresh=$(member refresh_token) session=$(member session_id)
  [ -n "$token" ] || { echo "No session: $status $(member code)"; exit 1; }
}

rotate() { # one refresh, with an attempt id of its own, asked again until it is answered
  local attempt
  attempt=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  for _ in $(seq 150); do
    ask "$authority/auth/refresh" -H "$json" -H "Symbolon-Attempt: $attempt" -d "{\"refresh_token\":\"$refresh\"}"
    case $status in
      200) token=$(member access_token) refresh=$(member refresh_token); return ;;
      401) break ;;
    esac
    sleep 0.2
  done
  echo "  the session is over: $status $(member code)"
  wrong=1
}

gateways() { # an access token; the two gateways' answers
  local said=()
  for n in 1 2; do
    ask "http://127.0.0.1:$(gateway_port $n)/verify" -H "Authorization: Bearer $1" -H 'X-Forwarded-Method: GET' -H 'X-Forwarded-Uri: /hello'
    said+=("$status")
  done
  echo "${said[*]}"
}

user=ann-$(milliseconds)
ask "$authority/auth/register" -H "$json" -d "{\"username\":\"$user\",\"password\":\"correct horse battery\"}"
require "$status" 201

echo "-- Any of three authorities"
login "$user"
mine=$session
for _ in $(seq 12); do rotate; done
say "12 refreshes, wherever the balancer sends them: generation" "$(member generation)"
require "$(member generation)" 13
said=$(gateways "$token")
say "both gateways" "$said"
require "$said" "200 200"

echo "-- A log-out, at whichever of them, is known to the verifiers of all"
kept_token=$token kept_refresh=$refresh
login "$user"
out=$token
ask -X POST -H "Authorization: Bearer $out" "$authority/auth/logout?wait=3s"
echo "the receipt: $(cat "$answer")"
require "$(grep -c '"verifiers":2,"acknowledged":2' "$answer" || true)" 1
require "$(grep -c '"servers":3' "$answer" || true)" 1
said=$(gateways "$out")
say "the very next requests with that session's token" "$said"
require "$said" "401 401"

echo "-- An authority is killed (SIGKILL)"
token=$kept_token refresh=$kept_refresh
kill -KILL "$(cat "$folder/authority-1.pid")"
for _ in $(seq 6); do rotate; done
say "6 refreshes later: generation" "$(member generation)"
require "$(member session_id)" "$mine"

echo "-- The database's primary is killed (SIGKILL), and the standby promoted"
kill -KILL $(head -n 1 "$folder/postgres/primary/postmaster.pid")
before=$(gateways "$token")
say "both gateways, without any database" "$before"
require "$before" "200 200"
asked=$(milliseconds)
as_postgres "$postgres/pg_ctl" -D "$folder/postgres/standby" -w -t 30 promote >/dev/null
generation=$(member generation)
rotate
say "a refresh works again" "$(($(milliseconds) - asked)) ms after the promotion began"
require "$(member session_id)" "$mine"
said=$(gateways "$token")
say "both gateways" "$said"
require "$said" "200 200"
said=$(gateways "$out")
say "the session that was logged out before" "$said"
require "$said" "401 401"

[ $wrong = 0 ] && echo "All as expected." || { echo "Not as expected."; exit 1; }
