#!/usr/bin/env bash
# Starts five generations, kills the gateway with -9, starts it again, and shows what became of them. Needs no key: the
# upstream is the sandbox, whose journal tells what the provider would have billed.
set -euo pipefail
cd "$(dirname "$0")/.."
. examples/gateway.sh
port=${PORT:-8097}

begin_gateway
api="http://127.0.0.1:$port/v1/images/generations"
call() { curl --silent --show-error -H "Authorization: Bearer $MOONGATE_API_KEY" "$@"; }
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

start_gateway "$port"
echo "five generations:"
ids=()
for n in 1 2 3 4 5; do
  answer=$(call -H 'Prefer: respond-async' -H 'Content-Type: application/json' "$api" \
    -d '{"model":"wan2.7-image","size":"1K","seed":'"$n"',"prompt":"a garden behind a moon gate, sandbox:delay=3s"}')
  ids+=("$(member id <<<"$answer")")
  echo "  ${ids[-1]} $(member status <<<"$answer")"
done
sleep 1
echo "kill -9, in the middle of it"
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
begun=$(date +%s%N)
start_gateway "$port"
echo "started again: ready after $((($(date +%s%N) - begun) / 1000000)) ms"
for id in "${ids[@]}"; do
  answer=$(call "$api/$id?wait=60")
  link=$(grep -o "http://[^\"]*signature=[^\"]*" <<<"$answer" | head -1)
  picture=$(call --output "$home/$id.png" --write-out '%{size_download} bytes of %{content_type}' "$link")
  echo "  $id $(member status <<<"$answer"), $picture, charged $(member amount <<<"$answer") $(member currency <<<"$answer")"
done
echo "the provider's journal: $(grep -c '"event":"submit"' "$home/sandbox/journal.jsonl") submits for 5 generations"
"$moongate" audit --home "$home"
