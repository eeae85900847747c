// The Debian packages of each profile. `gives` is a file that proves the package is there, so that a machine
// which has it from elsewhere (another distribution, a hand-built tool) is left alone and asked nothing.
// A name without a slash is a program, looked for on the PATH and where Debian keeps the system's programs.

const running = [
  { name: 'iproute2', gives: 'ip' },
  { name: 'nftables', gives: 'nft' },
  { name: 'iptables', gives: 'iptables' },
  { name: 'iputils-ping', gives: 'ping' },
  { name: 'util-linux', gives: 'nsenter' },
  { name: 'procps', gives: 'sysctl' },
  { name: 'libpcap-dev', gives: '/usr/include/pcap/pcap.h' },
  { name: 'g++', gives: 'g++' },
  { name: 'make', gives: 'make' },
  // node-gyp, which builds cap, is a Python program.
  { name: 'python3', gives: 'python3' },
];

const testing = [
  { name: 'tcpdump', gives: 'tcpdump' },
  { name: 'conntrack', gives: 'conntrack' },
  { name: 'ethtool', gives: 'ethtool' },
  { name: 'kmod', gives: 'modprobe' },
  { name: 'ebtables', gives: 'ebtables' },
  { name: 'arptables', gives: 'arptables' },
  { name: 'bpftool', gives: 'bpftool' },
  { name: 'dnsmasq-base', gives: 'dnsmasq' },
  { name: 'unbound', gives: 'unbound' },
  // A second C library, to ask it what it makes of a name.
  { name: 'musl-tools', gives: 'musl-gcc' },
  { name: 'groff-base', gives: 'groff' },
  { name: 'tmux', gives: 'tmux' },
  { name: 'busybox-static', gives: 'busybox' },
  { name: 'docker.io', gives: 'dockerd' },
  // Debian 12 ships the client inside docker.io; from 13 on it is a package of its own.
  { name: 'docker-cli', gives: 'docker', orElse: 'docker.io' },
  { name: 'podman', gives: 'podman' },
  { name: 'netavark', gives: '/usr/lib/podman/netavark' },
  { name: 'aardvark-dns', gives: '/usr/lib/podman/aardvark-dns' },
  { name: 'lxc', gives: 'lxc-start' },
  // Links that the kernels of guests have.
  { name: 'wireguard-tools', gives: 'wg' },
  { name: 'ipvsadm', gives: 'ipvsadm' },
];

/** Programs that read what netdoctor writes: of no use to anything but the long suites. */
const reading = [
  { name: 'tshark', gives: 'tshark' },
  { name: 'wireshark-common', gives: 'capinfos' },
];

/** What makes a Debian of another suite, with its engines in it. */
const trees = [{ name: 'mmdebstrap', gives: 'mmdebstrap' }];

const releasing = [
  { name: 'dpkg-dev', gives: 'dpkg-source' },
  { name: 'gcc', gives: 'gcc' },
  { name: 'binutils', gives: 'readelf' },
  { name: 'g++-aarch64-linux-gnu', gives: 'aarch64-linux-gnu-g++' },
  // libpcap's scanner and grammar.
  { name: 'flex', gives: 'flex' },
  { name: 'bison', gives: 'bison' },
  { name: 'xz-utils', gives: 'xz' },
  { name: 'lintian', gives: 'lintian' },
  // Machines that have nothing, and another processor.
  ...trees,
  { name: 'qemu-user-static', gives: 'qemu-aarch64-static' },
];

export const profiles = {
  demo: running,
  engines: [...running, ...trees],
  release: [...running, ...releasing],
  test: [...running, ...testing],
  suites: [...running, ...testing, ...reading],
};
