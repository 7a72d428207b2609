#!/usr/bin/env bash
# Runs the curl of docs/clients.md as it stands there, and once more for base64. Needs curl and jq.
set -euo pipefail
cd "$(dirname "$0")"
for tool in curl jq; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "This needs $tool. Debian: apt-get install $tool; macOS: brew install $tool" >&2
    exit 1
  fi
done
. ../gateway.sh
docs=$(cd ../.. && pwd)/docs/clients.md
# The first sh block below the heading, but for the line that sets where the gateway is.
snippet=$(sed -n '/^## curl$/,/^## /{/^```sh$/,/^```$/{/^```/d;/^export OPENAI_BASE_URL/d;p;};}' "$docs")
base64=$(sed -n 's/.*the last line is `\(jq .*\)`\. The official.*/\1/p' "$docs")
[ -n "$snippet" ] && [ -n "$base64" ] || { echo "the curl is gone from docs/clients.md" >&2; exit 1; }

begin_gateway
start_gateway "${PORT:-8098}"
export OPENAI_BASE_URL=$MOONGATE_URL/v1 OPENAI_API_KEY=$MOONGATE_API_KEY
cd "$home"
curl() { command curl --no-progress-meter "$@"; }
check() {
  [ "$(head -c 4 shop.png | tail -c 3)" = PNG ] || { echo "FAIL  curl: $1: it is no PNG" >&2; exit 1; }
  echo "ok    curl: $1, $(wc -c <shop.png) bytes"
  rm shop.png
}
eval "$snippet"
check "a link"
eval "$(sed '$d' <<<"${snippet/\"seed\":0/\"seed\":0,\"response_format\":\"b64_json\"}"); $base64"
check "base64"
