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
  . ../gateway.sh
  begin_gateway
  start_gateway "${PORT:-8098}"
fi
node run.mjs
