# To be sourced by the examples: a gateway of their own on the sandbox, whose home and processes are gone when they end.
# begin_gateway makes a home and a key; start_gateway PORT starts it (again) and waits until it serves. They set home, pid,
# MOONGATE_URL (without /v1) and MOONGATE_API_KEY. Needs bash alone.
moongate=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/moongate
pid=

begin_gateway() {
  # Nothing of a real gateway's may be touched.
  unset DASHSCOPE_API_KEY MOONGATE_CONFIG MOONGATE_DATABASE MOONGATE_HOME MOONGATE_HOST
  home=$(mktemp -d)
  trap end_gateway EXIT
  MOONGATE_API_KEY=$("$moongate" keys new)
  export MOONGATE_API_KEY
}

start_gateway() {
  "$moongate" serve --port "$1" --home "$home" >>"$home/log" 2>&1 &
  pid=$!
  export MOONGATE_URL=http://127.0.0.1:$1
  local tries status
  for ((tries = 0; tries < 600; tries++)); do
    kill -0 "$pid" 2>/dev/null || break
    status=$( (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && head -n 1 <&3) 2>/dev/null) || true
    case $status in *" 200 "*) return ;; esac
    sleep 0.1
  done
  cat "$home/log" >&2
  return 1
}

end_gateway() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$home"
}
