# Runs a script as the first process of a machine of its own: a copy-on-write view of a Debian tree is its root, and it
# has a network without any way out. What is written is gone with it. It is told the tree, a folder to see as /given,
# the script, and a name for the groups of processes that it makes.
set -eu
tree=$1 given=$2 script=$3 group=$4
work=$(mktemp -d -t netdoctor-check-XXXXXX)
trap 'rmdir "$work"' EXIT
unshare --mount --net --pid --fork --kill-child --propagation private bash -euc '
  tree=$1 given=$2 script=$3 group=$4 work=$5
  mount -t tmpfs tmpfs "$work"
  mkdir "$work"/upper "$work"/work "$work"/root
  mount -t overlay overlay -o "lowerdir=$tree,upperdir=$work/upper,workdir=$work/work" "$work/root"
  mount -t proc proc "$work/root/proc"
  mount -t sysfs sysfs "$work/root/sys"
  mount -t tracefs tracefs "$work/root/sys/kernel/tracing"
  mount --rbind /sys/fs/cgroup "$work/root/sys/fs/cgroup"
  mount --rbind /dev "$work/root/dev"
  mount -t tmpfs tmpfs "$work/root/run"
  mkdir "$work/root/run/mount" "$work/root/given" "$work/root/old"
  mount --bind -o ro "$given" "$work/root/given"
  # An engine turns the root of its containers round (pivot_root(2)), which none can inside of a chroot.
  cd "$work/root"
  pivot_root . old
  umount --lazy /old
  rmdir /old
  # As systemd leaves it.
  mount --make-rshared /
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 GROUP="$group" \
    /bin/sh -euc "$script"
' bash "$tree" "$given" "$script" "$group" "$work"
