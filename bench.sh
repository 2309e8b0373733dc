#!/usr/bin/env bash
# Benchmarks: ./bench.sh refresh | tokens | verify | http | revoke | cluster | clients | dotnet-client | --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ "${1:-}" = clients ]; then # in Chromium, against the mock
  dotnet build src/Symbolon.Server -c Release -v q --nologo
  [ -d clients/node_modules ] || (cd clients && npm ci --silent --no-audit --no-fund)
  exec node clients/comparison/run.mjs "${@:2}"
fi
dotnet build bench/Symbolon.Bench -c Release -v q --nologo
exec dotnet bench/Symbolon.Bench/bin/Release/net10.0/Symbolon.Bench.dll "$@"
