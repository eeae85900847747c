# Runs a script in a copy-on-write view of a Debian tree, in mount and network namespaces of its own: no network at all,
# and what is written is gone with them. It is told the tree, a folder to see as /given, and the script.
set -eu
tree=$1 given=$2 script=$3
work=$(mktemp -d -t netdoctor-check-XXXXXX)
trap 'rmdir "$work"' EXIT
unshare --mount --net bash -euc '
  tree=$1 given=$2 script=$3 work=$4
  mount -t tmpfs tmpfs "$work"
  mkdir "$work"/upper "$work"/work "$work"/root
  mount -t overlay overlay -o "lowerdir=$tree,upperdir=$work/upper,workdir=$work/work" "$work/root"
  # The pids of this machine: a netdoctor spares what the living ones have armed.
  mount --rbind /proc "$work/root/proc"
  mount -t sysfs sysfs "$work/root/sys"
  mount -t tracefs tracefs "$work/root/sys/kernel/tracing"
  mount --rbind /dev "$work/root/dev"
  mount -t tmpfs tmpfs "$work/root/run"
  # What mount(8) makes itself, and every machine has that has started.
  mkdir "$work/root/run/mount"
  mkdir "$work/root/given"
  mount --bind -o ro "$given" "$work/root/given"
  cd "$work/root"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    chroot "$work/root" /bin/sh -euc "$script"
' bash "$tree" "$given" "$script" "$work"
