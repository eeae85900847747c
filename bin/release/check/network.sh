# A container of two ends: the other capture engine, a repair and its undo, and a capture that is saved and shown.
ip netns add box
ip link add v0 type veth peer name eth0 netns box
ip addr add 10.9.0.1/24 dev v0
ip link set v0 up
ip link set lo up
ip -n box addr add 10.9.0.2/24 dev eth0
ip -n box link set lo up
ip -n box link set eth0 up
echo ---cap
netdoctor diagnose netns:box --to 10.9.0.1 --engine cap --json
echo ---network
netdoctor capture netns:box --duration 60 --save /root/box.pcapng >/dev/null 2>&1 &
# Its file is begun once it watches.
for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do test -s /root/box.pcapng || sleep 1; done
netdoctor diagnose netns:box --to 10.9.0.1 --json >/dev/null
kill -TERM $!
wait $! || test $? -eq 143
netdoctor replay /root/box.pcapng | grep -q 'ICMP echo request'
ip -n box link set eth0 down
netdoctor diagnose netns:box --to 10.9.0.1 --fix --yes --json >/dev/null
ip -n box -br link show dev eth0 | grep -q ' UP '
netdoctor undo --all >/dev/null
ip -n box -br link show dev eth0 | grep -q ' DOWN '
ip netns del box
