#!/usr/bin/env bash
# Installs what is missing and runs every test. --long: the storms run longer and with more seeds.
# Each runner prints its own closing line; the last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")"
# Processes that live for seconds gain nothing from a compiler that watches them first.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_TieredPGO=0

[ "${1:-}" = "--long" ] && export SYMBOLON_LONG=1

stop() { echo "$1" >&2; echo "0 passed, 1 failed"; exit 1; }

# Debian's packages, where something is missing.
missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
{ ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q libsqlite3.so.0 || missing+=(libsqlite3-0)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
[ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v caddy >/dev/null || missing+=(caddy)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [ -x "$(pg_config --bindir 2>/dev/null)/initdb" ] || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
  root=$([ "$(id -u)" = 0 ] || echo sudo)
  echo "Installing ${missing[*]}"
  $root apt-get update -qq || stop "apt-get update failed"
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then # the tests start servers of their own: the package need not make one
    $root mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" | $root tee /etc/postgresql-common/createcluster.d/symbolon.conf >/dev/null
  fi
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || stop "cannot install ${missing[*]}"
fi
command -v dotnet >/dev/null || stop "the .NET 10 SDK is missing"
# Node's packages come while the compiler works.
packages=()
for folder in tests/interop clients; do
  (cd "$folder" && npm ci --silent --no-audit --no-fund) &
  packages+=($!)
done
# One compiler for all projects: one begun anew for each spends most of its time on warming up. It ends with the build.
compiler=symbolon-$$
dotnet build Symbolon.slnx -c Release -v q --nologo -p:UseSharedCompilation=true -p:SharedCompilationId=$compiler
built=$?
dotnet "$(dotnet msbuild src/Symbolon.Core -nologo -getProperty:RoslynTargetsPath)/bincore/VBCSCompiler.dll" -shutdown "-pipename:$compiler"
[ $built = 0 ] || stop "the build failed"
echo "   built after $SECONDS s"
# Processes that live for seconds gain little from compiling anew what has run thirty times: 1,024 times (400, hexadecimal) is soon enough for what is hot.
export DOTNET_TC_CallCountThreshold=400
for package in "${packages[@]}"; do wait "$package" || stop "npm ci failed"; done

# Three runners at a time, the longest first: much of what they do is waiting. What one prints is shown when it has ended.
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
first=(tests/Symbolon.{Server,Edge,Browser,Scenarios}.Tests clients/{browser,mock} tests/Symbolon.{Cluster,Authority,StoreContract}.Tests)
rest=()
for project in tests/*.Tests clients/*/; do
  project=${project%/}
  [ -d "$project/test" ] || [[ $project == tests/* ]] || continue
  [[ " ${first[*]} " == *" $project "* ]] || rest+=("$project")
done

# Node's runner closes with a line for each number; ours is of xunit's form.
run_node() {
  (cd "$1" && node --test --test-reporter=tap) | awk -v name="$2" '{ print } /^# (tests|fail|cancelled|skipped|todo|duration_ms) / { n[$2] = $3 }
    END { if (n["tests"] != "") printf "   %s  Total: %d, Errors: %d, Failed: %d, Skipped: %d, Not Run: %d, Time: %.1fs\n", name, n["tests"], n["cancelled"], n["fail"], n["skipped"], n["todo"], n["duration_ms"] / 1000 }'
}

run_one() {
  if [[ $1 == clients/* ]]; then
    run_node "$1" "$2"
  else
    dotnet "$1/bin/Release/net10.0/$2.dll" -noLogo -noColor
  fi
}

run() {
  local name TIMEFORMAT='   took %0R s, %0U + %0S s of CPU'
  name=$(basename "$1")
  { time run_one "$1" "$name"; } >"$results/$name" 2>&1
  flock "$results" bash -c 'echo "== $1"; cat "$2"' _ "$name" "$results/$name"
}

for project in "${first[@]}" "${rest[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge 3 ]; do wait -n; done
  run "$project" &
done
wait

passed=0 failed=0
for project in "${first[@]}" "${rest[@]}"; do
  name=$(basename "$project")
  line=$(grep -E "^ +$name +Total: " "$results/$name" | tail -n 1)
  if [ -z "$line" ]; then
    echo "$name ended without a summary"
    failed=$((failed + 1))
    continue
  fi
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$line"; }
  bad=$(($(number Errors) + $(number Failed) + $(number Skipped) + $(number 'Not Run')))
  failed=$((failed + bad))
  passed=$((passed + $(number Total) - $(number Failed) - $(number Skipped) - $(number 'Not Run')))
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
