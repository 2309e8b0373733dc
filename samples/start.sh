#!/usr/bin/env bash
# Starts an authority, a service, the gateway and a proxy, all on loopback and as the user who runs it; Ctrl+C ends them all.
#   samples/start.sh nginx | caddy
# Data, logs and process ids are in a temporary folder, samples/run leads there; it goes in the end.
# Other ports: AUTHORITY_PORT (5080), GATEWAY_PORT (5090), SERVICE_PORT (5070), PROXY_PORT (nginx 8080, Caddy 8081).
set -euo pipefail
cd "$(dirname "$0")/.."
source samples/ports.sh "${1:-}"
run=${SAMPLES_RUN:-samples/run}
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
need dotnet "install the .NET 10 SDK"
need curl "sudo apt-get install curl"
need node "sudo apt-get install nodejs"
need "$proxy" "sudo apt-get install $package"
if [ -e "$run" ]; then echo "$run is there: the samples run already (else remove it)" >&2; exit 1; fi

built=${SAMPLES_BUILT:-} # Debug or Release: what was built before; else it is built now
if [ -z "$built" ]; then
  built=Release
  echo "Building"
  for program in Server Gateway; do said=$(dotnet build "src/Symbolon.$program" -c $built -v q --nologo) || { echo "$said" >&2; exit 1; }; done
fi

folder=$(mktemp -d)
chmod 711 "$folder" # nginx's workers are nobody when root starts it
mkdir -m 700 "$folder/data"
ln -sT "$folder" "$run"
started=()
stop() {
  trap '' INT TERM
  trap - EXIT
  for one in "${started[@]}"; do kill "$one" 2>/dev/null && kill -CONT "$one" 2>/dev/null || true; done
  wait
  rm -rf "$run" "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

start() { # name, an address that answers once it is there, command
  if curl -s -o "$folder/answer" "$2"; then echo "$2 answers already: end what runs there, or choose other ports (samples/start.sh says how)" >&2; exit 1; fi
  "${@:3}" >"$folder/$1.log" 2>&1 &
  started+=($!)
  echo $! >"$folder/$1.pid"
  for _ in $(seq 150); do
    if curl -sf -o "$folder/answer" "$2"; then echo "$1: $2"; return; fi
    kill -0 $! 2>/dev/null || break
    sleep 0.2
  done
  echo "$1 does not answer. Its log:" >&2
  cat "$folder/$1.log" >&2
  exit 1
}

# The gateway is a client of the authority: its secret is known here, and the authority keeps the hash.
secret=$(head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1)

start authority "$authority/health/ready" env ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS="$authority" \
  ConnectionStrings__Symbolon="Data Source=$folder/data/symbolon.db" \
  Symbolon__Admin__Password="the administrator of a sample" \
  Symbolon__Clients__0__Id=gateway Symbolon__Clients__0__SecretHash="$(printf %s "$secret" | sha256sum | cut -d' ' -f1)" \
  Symbolon__Clients__0__Scopes__0=revocations \
  dotnet "src/Symbolon.Server/bin/$built/net10.0/symbolon.dll"

start gateway "http://$gateway/health/ready" env ASPNETCORE_URLS="http://$gateway" \
  Gateway__Issuer="$authority" Gateway__Rules=samples/rules.yaml \
  Gateway__Feed__Url="$authority/revocations" Gateway__Feed__ClientId=gateway Gateway__Feed__ClientSecret="$secret" \
  dotnet "src/Symbolon.Gateway/bin/$built/net10.0/symbolon-gateway.dll"

start service "http://$service/" node samples/upstream/echo.mjs "${service##*:}"

configuration=$folder/$(basename "$sample")
sed -e "s/127\.0\.0\.1:5090/$gateway/; s/127\.0\.0\.1:5070/$service/; s/\(127\.0\.0\.1\)\?:808[01]\b/\1:$port/" "$sample" >"$configuration"
case $proxy in
  nginx) start nginx "$site/public" nginx -e stderr -p "$folder" -c "$configuration" ;;
  caddy) start caddy "$site/public" env HOME="$folder/data" XDG_CONFIG_HOME="$folder/data" XDG_DATA_HOME="$folder/data" \
    caddy run --config "$configuration" --adapter caddyfile ;;
esac
echo "All there: $site (Ctrl+C ends everything). Now, in another terminal: samples/try.sh $proxy"
wait
