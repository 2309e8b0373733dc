# Where everything is; for start.sh and try.sh.
proxy=$1
case $proxy in
  nginx) port=${PROXY_PORT:-8080} sample=samples/nginx/nginx.conf package=nginx-light ;;
  caddy) port=${PROXY_PORT:-8081} sample=samples/caddy/Caddyfile package=caddy ;;
  *) echo "usage: $0 nginx | caddy" >&2; exit 2 ;;
esac
authority=http://localhost:${AUTHORITY_PORT:-5080}
gateway=127.0.0.1:${GATEWAY_PORT:-5090}
service=127.0.0.1:${SERVICE_PORT:-5070}
site=http://127.0.0.1:$port
