# A host with a real engine, as the first process of its tree: a container of Docker is diagnosed, captured and mended.
# Before it stands how the form is installed, as `install`, `asked`, `began` and `ended` (forms.mjs).
ip link set lo up
# This machine's own groups of processes are not the engine's to arrange.
dockerd --storage-driver=vfs --exec-opt=native.cgroupdriver=cgroupfs --cgroup-parent="/$GROUP" >/run/dockerd.log 2>&1 &
engine=$!
for tenth in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
docker version >/dev/null || { tail -5 /run/dockerd.log; exit 7; }
end() { docker rm --force web >/dev/null 2>&1 || true; kill $engine; wait $engine || true; rmdir "/sys/fs/cgroup/$GROUP" /sys/fs/cgroup/*/"$GROUP" 2>/dev/null || true; }
trap end EXIT
mkdir -p /root/box/bin && cp /given/busybox /root/box/bin/ && tar -C /root/box -c . | docker import - box >/dev/null
docker run --detach --name=web box /bin/busybox sleep 900 >/dev/null
install

echo ---version; asked --version --json
echo ---demo; asked demo ip-forward-off --json; echo ---end
echo ---cap; asked diagnose docker:web --to 172.17.0.1 --engine cap --json
echo ---network
began capture docker:web --max-packets 4 --duration 60 --save /root/web.pcapng
# Its file is begun once it watches.
for second in $(seq 30); do test -s /root/web.pcapng || sleep 1; done
asked diagnose docker:web --to 172.17.0.1 --json >/dev/null
ended
asked replay /root/web.pcapng | grep -q 'ICMP echo request'
tshark -r /root/web.pcapng -Y 'icmp.type == 8 && frame.packet_id' 2>/dev/null | grep -q 'Echo (ping) request'
veth=$(ls /sys/class/net | grep '^veth')
ip link set "$veth" down
asked diagnose docker:web --to 172.17.0.1 --fix --yes --json >/dev/null
ip -br link show dev "$veth" | grep -q ' UP '
# What the image has mended, the installed program takes back.
netdoctor undo --all >/dev/null
ip -br link show dev "$veth" | grep -q ' DOWN '
