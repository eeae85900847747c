#!/bin/sh
# What a person does without netdoctor, as fast as a script can: a capture on every hop, a ping, and the three settings
# that are looked at first. Run in the host's namespace, as root:
#   by-hand.sh CONTAINER-NAMESPACE VETH BRIDGE UPLINK DESTINATION
set -u
container=$1 veth=$2 bridge=$3 uplink=$4 destination=$5
seen=$(mktemp -d)
captures=''
trap 'kill $captures 2>/dev/null; rm -rf "$seen"' EXIT

capture() {
    name=$1
    shift
    "$@" tcpdump -lnni "$name" --immediate-mode "icmp and host $destination" >"$seen/$name" 2>"$seen/$name.says" &
    captures="$captures $!"
}

capture eth0 nsenter --net="$container"
capture "$veth"
capture "$bridge"
capture "$uplink"
# A probe that leaves before all four listen proves nothing.
for name in eth0 "$veth" "$bridge" "$uplink"; do
    until grep -q listening "$seen/$name.says"; do sleep 0.005; done
done

nsenter --net="$container" ping -n -c3 -i0.2 -W1 "$destination"
answered=$?

kill -INT $captures
wait $captures
for name in eth0 "$veth" "$bridge" "$uplink"; do
    printf '%s: %s requests, %s replies\n' "$name" \
        "$(grep -c 'echo request' "$seen/$name")" "$(grep -c 'echo reply' "$seen/$name")"
done

sysctl net.ipv4.ip_forward
iptables -S FORWARD
iptables -t nat -S
exit $answered
