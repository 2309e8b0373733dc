#!/usr/bin/env bash
# Benchmarks: ./bench.sh refresh | tokens | verify | http | revoke | --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
dotnet build bench/Symbolon.Bench -c Release -v q --nologo
exec dotnet bench/Symbolon.Bench/bin/Release/net10.0/Symbolon.Bench.dll "$@"
