import { WITHIN } from "./shell.ts";

/**
 * The beginning of a guest script that tries the network: named network namespaces that are gone when the script ends,
 * with whoever runs in them.
 */
export const IN_NAMESPACES = `
set -euo pipefail

# namespaces NAME…: each with its loopback up, its IPv6 addresses good at once. at NAME COMMAND…: runs there.
namespaces() {
  local name
  for name; do
    ip netns add $name
    at $name sysctl -q -w net.ipv6.conf.default.accept_dad=0
    ip -n $name link set lo up
  done
}
at() { ip netns exec "$@"; }

${WITHIN}
# cable NAME ADDRESS OTHER ADDRESS: a veth pair between two namespaces; each end is called "to-" and the other side.
cable() {
  ip link add to-$3 netns $1 type veth peer name to-$1 netns $3
  ip -n $1 addr add $2 dev to-$3
  ip -n $3 addr add $4 dev to-$1
  ip -n $1 link set to-$3 up
  ip -n $3 link set to-$1 up
  # IPv6 uses a link when the kernel's link watch has told it of the carrier, up to a second later.
  within carries $1 to-$3
  within carries $3 to-$1
}
carries() { ip -n $1 -br link show $2 up | grep -q ' UP '; }

# pings NAME ADDRESS: how many of three are answered, or "no route".
pings() {
  local said
  said=$(at $1 ping -c 3 -i 0.1 -W 0.5 $2 2>&1) || true
  if [[ $said =~ ([0-9])' received' ]]; then echo \${BASH_REMATCH[1]}; else echo no route; fi
}

# serve NAME: a web server that says who is asking. asks NAME ADDRESS [PORT]: its answer, "refused" or "silence".
serve() {
  mkdir -p /tmp/www/cgi-bin
  printf '#!/bin/sh\\necho\\necho $REMOTE_ADDR\\n' >/tmp/www/cgi-bin/who
  chmod +x /tmp/www/cgi-bin/who
  at $1 busybox httpd -h /tmp/www
  within listens $1
}
listens() { at $1 ss -Hltn 'sport = :80' | grep -q .; }
asks() {
  local answer
  answer=$(printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | at $1 nc -w 1 $2 \${3:-80} 2>&1) || true
  case $answer in
    *'timed out'*) echo silence ;;
    *refused*) echo refused ;;
    *) echo "\${answer##*$'\\n'}" ;;
  esac
}

leave() {
  local name
  for name in $(ip netns list | cut -d' ' -f1); do
    # Some of them end by themselves meanwhile.
    ip netns pids $name | xargs -r kill -9 2>/dev/null || true
    ip netns del $name
  done
}
trap leave EXIT
`;
