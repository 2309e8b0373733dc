#!/usr/bin/env bash
# Tries what samples/start.sh started: samples/try.sh nginx | caddy. Shows what clients get; the last line says whether all was right.
set -euo pipefail
cd "$(dirname "$0")/.."
source samples/ports.sh "${1:-}"
run=${SAMPLES_RUN:-samples/run}
[ -e "$run/authority.pid" ] || { echo "Nothing runs. First, in another terminal: samples/start.sh $proxy" >&2; exit 1; }
wrong=0
answer=$(mktemp)
trap 'rm -f "$answer"; kill -CONT "$(cat "$run/authority.pid")" 2>/dev/null || true' EXIT

json='Content-Type: application/json'
text() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$answer"; } # a member of the answer
ask() { status=$(curl -s --path-as-is -o "$answer" -w '%{http_code}' "$@"); }
require() { [ "$1" = "$2" ] || { echo "  expected $2, got $1"; wrong=1; }; }
milliseconds() { date +%s%3N; }

expect() { # what it shows, status and code, curl's arguments
  ask "${@:3}"
  local got="$status $(text code)"
  printf '%-62s %s\n' "$1" "$got"
  require "${got% }" "$2"
}

until_status() { # status, curl's arguments; how many milliseconds it takes, from $asked
  for _ in $(seq 300); do
    ask "${@:2}"
    [ "$status" != "$1" ] || break
    sleep 0.01
  done
  took=$(($(milliseconds) - asked))
  require "$status" "$1"
}

session() { # path, body; gives $token
  ask "$authority/auth/$1" -H "$json" -d "$2"
  token=$(text access_token)
  [ -n "$token" ] || { echo "No session: $status $(text code)"; exit 1; }
}

session login '{"username":"admin","password":"the administrator of a sample"}'
admin="Authorization: Bearer $token"
session register "{\"username\":\"ann-$(milliseconds)\",\"password\":\"correct horse battery\"}"
ann="Authorization: Bearer $token"

echo "-- Who may go where"
expect "nobody, /public" 200 "$site/public"
expect "nobody, /hello" "401 token_missing" "$site/hello"
expect "ann, /hello" 200 -H "$ann" "$site/hello"
expect "ann, /admin (needs a role)" "403 role_missing" -H "$ann" "$site/admin"
expect "the administrator, /admin" 200 -H "$admin" "$site/admin"
expect "ann, POST /orders (needs a scope)" "403 scope_missing" -X POST -H "$ann" "$site/orders"

echo "-- What clients claim about themselves"
expect "nobody, /admin, X-Forwarded-Uri: /public" "401 token_missing" -H 'X-Forwarded-Uri: /public' -H 'X-Auth-Roles: admin' "$site/admin"
expect "ann, /public/../admin" "403 request_ambiguous" -H "$ann" "$site/public/../admin"
ask -H "$ann" -H 'X-Auth-Subject: root' -H 'X-Auth-Roles: admin' -H 'X_Auth_Roles: admin' -H 'X-Forwarded-Uri: /spoofed' "$site/hello"
require "$status" 200
echo "ann, /hello, X-Auth-Subject: root, X-Auth-Roles: admin: the service sees"
grep -E '"x-(auth|forwarded)-' "$answer" || true
require "$(grep -cE 'root|"admin"|spoofed' "$answer" || true)" 0
require "$(grep -c '"x-auth-subject": "[0-9a-f-]' "$answer" || true)" 1

echo "-- Log-out"
ask -X POST -H "$ann" "$authority/auth/logout"
asked=$(milliseconds)
until_status 401 -H "$ann" "$site/hello"
printf '%-62s %s\n' "ann, /hello, $took ms after she was logged out" "$status $(text code)"
session register "{\"username\":\"eve-$(milliseconds)\",\"password\":\"correct horse battery\"}"
eve="Authorization: Bearer $token"
expect "eve, /hello" 200 -H "$eve" "$site/hello"
ask -X POST -H "$eve" "$authority/auth/logout?wait=2s"
echo "eve logs out and asks for a receipt: $(cat "$answer")"
require "$(grep -c '"verifiers":1,"acknowledged":1' "$answer" || true)" 1
expect "eve, /hello, the very next request" "401 token_revoked" -H "$eve" "$site/hello"

echo "-- The authority hangs: nobody can say who is logged out"
kill -STOP "$(cat "$run/authority.pid")"
asked=$(milliseconds)
expect "the administrator, /hello, at once" 200 -H "$admin" "$site/hello"
until_status 503 -H "$admin" "$site/hello"
printf '%-62s %s\n' "the administrator, /hello, after $((took / 1000)) s" "$status $(text code)"
expect "nobody, /public" 200 "$site/public"
kill -CONT "$(cat "$run/authority.pid")"
asked=$(milliseconds)
until_status 200 -H "$admin" "$site/hello"
printf '%-62s %s\n' "the administrator, /hello, $took ms after it goes on" "$status"

[ $wrong = 0 ] && echo "All as expected." || { echo "Not as expected."; exit 1; }
