#!/usr/bin/env bash
# Tries what samples/start.sh started: samples/try.sh 8080 (nginx) or 8081 (Caddy). Prints what a client gets; the last line says whether it was right.
set -euo pipefail
proxy=http://127.0.0.1:${1:-8080} authority=http://localhost:5080
wrong=0

expect() { # status, then curl's arguments
  local status
  status=$(curl -s --path-as-is -o /dev/null -w '%{http_code}' "${@:2}")
  echo "$status ${*: -1}"
  [ "$status" = "$1" ] || { echo "  expected $1"; wrong=1; }
}

member() { node -pe "JSON.parse(require('fs').readFileSync(0)).$1"; }

token=$(curl -s "$authority/auth/login" -H 'content-type: application/json' \
  -d '{"username":"admin","password":"the administrator of a sample"}' | member access_token)

expect 200 "$proxy/public"
expect 401 "$proxy/hello"
expect 200 -H "Authorization: Bearer $token" "$proxy/hello"
expect 200 -H "Authorization: Bearer $token" "$proxy/admin"
expect 403 -H "Authorization: Bearer $token" "$proxy/public/../admin"
expect 403 -X POST -H "Authorization: Bearer $token" "$proxy/orders"

echo "The service sees, whatever the client claims:"
curl -s -H "Authorization: Bearer $token" -H 'X-Auth-Subject: root' -H 'X-Forwarded-Uri: /public' "$proxy/hello" | grep -i '"x-'

curl -s -X POST -H "Authorization: Bearer $token" "$authority/auth/logout" -o /dev/null
sleep 0.5
echo "After the log-out:"
expect 401 -H "Authorization: Bearer $token" "$proxy/hello"
[ $wrong = 0 ] && echo "All as expected." || { echo "Not as expected."; exit 1; }
