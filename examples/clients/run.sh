#!/usr/bin/env bash
# Drives openai-node, the Vercel AI SDK and LangChain.js against Moongate: one line for each check, and a status that is
# not 0 if one of them failed. MOONGATE_URL (such as http://127.0.0.1:8080, without /v1) and MOONGATE_API_KEY say where;
# without them a gateway is started on the sandbox, and stopped again. Against a real provider every check costs pictures.
set -euo pipefail
cd "$(dirname "$0")"
for tool in node npm; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "This needs Node.js 20 or newer with npm (the AI SDK asks for 22) and found no $tool. https://nodejs.org, or" >&2
    echo "Debian: apt-get install nodejs npm; macOS: brew install node" >&2
    exit 1
  fi
done
if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  echo "This needs Node.js 20 or newer; this is $(node --version)" >&2
  exit 1
fi
[ -d node_modules ] || npm ci --no-fund --no-audit --loglevel=error

if [ -z "${MOONGATE_URL:-}" ]; then
  # Nothing of a real gateway's may be touched.
  unset DASHSCOPE_API_KEY MOONGATE_CONFIG MOONGATE_DATABASE MOONGATE_HOME MOONGATE_HOST
  port=${PORT:-8098}
  home=$(mktemp -d)
  pid=
  stop() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$home"
  }
  trap stop EXIT
  MOONGATE_API_KEY=$(../../moongate keys new)
  export MOONGATE_API_KEY MOONGATE_URL=http://127.0.0.1:$port
  ../../moongate serve --port "$port" --home "$home" >"$home/log" 2>&1 &
  pid=$!
  ready=
  for _ in $(seq 300); do
    if node -e "fetch('$MOONGATE_URL/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; then
      ready=yes
      break
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$ready" ]; then
    cat "$home/log" >&2
    exit 1
  fi
fi
node run.mjs
