#!/usr/bin/env bash
# Drives openai-python against Moongate, as run.sh drives the JavaScript clients. Needs Python 3.9 or newer with its venv;
# the SDK is installed beside this file, not into the system.
set -euo pipefail
cd "$(dirname "$0")"
if ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
  echo "This needs Python 3.9 or newer with venv. Debian: apt-get install python3-venv; macOS: brew install python" >&2
  exit 1
fi
if [ ! -e .venv/installed ] || [ requirements.txt -nt .venv/installed ]; then
  python3 -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
  touch .venv/installed
fi

if [ -z "${MOONGATE_URL:-}" ]; then
  . ../gateway.sh
  begin_gateway
  start_gateway "${PORT:-8098}"
fi
.venv/bin/python openai_python.py
