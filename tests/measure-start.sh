#!/usr/bin/env bash
# Prints how long a warm start takes, and what the idle system costs: tests/measure-start.sh [seconds of idling]
set -euo pipefail
cd "$(dirname "$0")/.."
idle=${1:-30}
state=$(mktemp -d)
log=$state/console.txt
trap 'kill -TERM $app 2>/dev/null; wait $app 2>/dev/null; rm -rf "$state"' EXIT

dotnet build AppHost --nologo -v quiet
run() { dotnet run --project AppHost --no-build -- --state "$state/system" --free-ports >"$log" 2>&1 & app=$!; }
await_up() { until grep -q 'Everything is up' "$log"; do kill -0 "$app" || { cat "$log"; exit 1; }; sleep 0.1; done; }

# Once to create the databases, once to measure.
run; await_up; kill -TERM "$app"; wait "$app" || true
started=$(date +%s%3N)
run; await_up
echo "warm start to everything healthy: $(( $(date +%s%3N) - started )) ms"

processes() { # "name pid" of the AppHost and the processes of its resources
  awk -F'[:,]' '/"appHost"/ { gsub(/ /, "", $2); print "apphost", $2 }
    /"name"/ { gsub(/[ "]/, "", $2); name = $2 }
    /"processIds"/ { inside = !/\]/; next } /\]/ { inside = 0 }
    inside { gsub(/[^0-9]/, ""); if ($0 != "") print name, $0 }' "$state/system/endpoints.json"
}
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

sleep 300 # Tiered compilation has to settle: what runs every other second is compiled again after some minutes.
declare -A before
while read -r name pid; do before[$pid]=$(cpu "$pid"); done < <(processes)
sleep "$idle"
# RSS counts a page that processes share (the runtime's own code, above all) for each of them; PSS counts it once in all.
printf '%-18s %8s %8s %8s\n' process 'RSS MB' 'PSS MB' 'CPU %'
processes | while read -r name pid; do
  rss=$(awk '/VmRSS/ { print $2 / 1024 }' "/proc/$pid/status")
  pss=$(awk '/^Pss:/ { print $2 / 1024 }' "/proc/$pid/smaps_rollup")
  echo "$name $rss $pss $(( $(cpu "$pid") - before[$pid] ))" # hundredths of a second
done | awk -v idle="$idle" '{ $4 = $4 / idle; printf "%-18s %8.0f %8.0f %8.2f\n", $1, $2, $3, $4
    if ($1 ~ /^(apphost|queue|concert|reservation|payment)$/) { rss += $2; pss += $3; cpu += $4 } }
  END { printf "%-18s %8.0f %8.0f %8.2f\n", "AppHost + services", rss, pss, cpu }'
