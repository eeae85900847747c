#!/bin/bash
# The first program of an enclosure: makes a tree the whole of the machine, and runs $OUT/run in it.
# All that it mounts, and all processes that are left, go with it.
set -e
tree=$1 scratch=$2 out=$3 checkout=$4 node=$5 number=$6 groups=$7
# The numbers of its processes become names of control groups, which are the whole machine's.
echo "$number" >/proc/sys/kernel/ns_last_pid
mount -t tmpfs memory "$scratch"
mkdir "$scratch/up" "$scratch/work" "$scratch/root"
mount -t overlay -o lowerdir="$tree",upperdir="$scratch/up",workdir="$scratch/work" engine "$scratch/root"
cd "$scratch/root"
mount -t proc proc proc; mount --rbind /sys sys; mount --rbind /dev dev
[ "$groups" != 2 ] || mount -t cgroup2 groups sys/fs/cgroup
mount -t tmpfs run run; mkdir run/netns run/lock
mount -t tmpfs tmp tmp
mkdir -p out old opt/cni ".$checkout"; ln -s /usr/lib/cni opt/cni/bin
mount --bind "$checkout" ".$checkout"; mount -o remount,bind,ro ".$checkout"
touch usr/bin/node; mount --bind "$node" usr/bin/node
mount --bind "$out" out
# What the engines hand on to their containers: the lab's name server.
rm -f etc/resolv.conf; echo nameserver 198.51.100.53 >etc/resolv.conf
echo '127.0.0.1 localhost engine' >etc/hosts
pivot_root . old; umount -l /old
export OUT=/out PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
cd "$checkout"
set +e
bash /out/run >/out/log 2>&1 </dev/null; echo "$?" >/out/rc
