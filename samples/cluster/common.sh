# Where everything is; for start.sh and try.sh.
port=${CLUSTER_PORT:-5080} # the balancer's; the others follow it
authority=http://127.0.0.1:$port
authority_port() { echo $((port + $1)); }
gateway_port() { echo $((port + 10 + $1)); }
primary_port=$((port + 21))
standby_port=$((port + 22))
run=${SAMPLES_RUN:-samples/cluster/run}
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$postgres" ] || postgres=$(pg_config --bindir 2>/dev/null || true)

# PostgreSQL does not run as root: then as Debian's user.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid "$(id -u postgres)" --regid "$(id -g postgres)" --clear-groups -- "$@"); else "$@"; fi
}
