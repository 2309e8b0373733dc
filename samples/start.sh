#!/usr/bin/env bash
# Starts an authority, a service, the gateway and a proxy, all on loopback and as the user who runs it; Ctrl+C ends them all.
#   samples/start.sh nginx | caddy
# Data are in a temporary folder and go with it. Ports: authority 5080, gateway 5090, service 5070, nginx 8080, Caddy 8081.
set -euo pipefail
cd "$(dirname "$0")/.."
proxy=${1:-nginx}
case $proxy in nginx) port=8080 ;; caddy) port=8081 ;; *) echo "usage: samples/start.sh nginx | caddy" >&2; exit 2 ;; esac
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_NOLOGO=1
command -v "$proxy" >/dev/null || { echo "$proxy is missing: sudo apt-get install $proxy" >&2; exit 1; }

dotnet build src/Symbolon.Server -c Release -v q --nologo
dotnet build src/Symbolon.Gateway -c Release -v q --nologo

folder=$(mktemp -d)
started=()
stop() {
  trap - EXIT
  [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

answers() { # waits for a service that was started
  for _ in $(seq 100); do
    curl -s -o "$folder/answer" "$1" && return
    sleep 0.2
  done
  echo "$1 does not answer" >&2
  exit 1
}

# The gateway is a client of the authority: its secret is known here, and the authority keeps the hash.
secret=$(head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1)

env ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS=http://localhost:5080 \
  ConnectionStrings__Symbolon="Data Source=$folder/symbolon.db" \
  Symbolon__Admin__Password="the administrator of a sample" \
  Symbolon__Clients__0__Id=gateway Symbolon__Clients__0__SecretHash="$(printf %s "$secret" | sha256sum | cut -d' ' -f1)" \
  Symbolon__Clients__0__Scopes__0=revocations \
  dotnet src/Symbolon.Server/bin/Release/net10.0/symbolon.dll &
started+=($!)
answers http://localhost:5080/health/ready

env ASPNETCORE_URLS=http://127.0.0.1:5090 Gateway__Issuer=http://localhost:5080 Gateway__Rules=samples/rules.yaml \
  Gateway__Feed__Url=http://localhost:5080/revocations Gateway__Feed__ClientId=gateway Gateway__Feed__ClientSecret="$secret" \
  dotnet src/Symbolon.Gateway/bin/Release/net10.0/symbolon-gateway.dll &
started+=($!)
answers http://127.0.0.1:5090/health/ready

node samples/upstream/echo.mjs 5070 &
started+=($!)
answers http://127.0.0.1:5070/

case $proxy in
  nginx) nginx -e stderr -p "$folder" -c "$PWD/samples/nginx/nginx.conf" & ;;
  caddy) env HOME="$folder" XDG_CONFIG_HOME="$folder" XDG_DATA_HOME="$folder" caddy run --config samples/caddy/Caddyfile --adapter caddyfile & ;;
esac
started+=($!)
answers "http://127.0.0.1:$port/public"
echo "$proxy: http://127.0.0.1:$port (Ctrl+C ends everything)"
wait
