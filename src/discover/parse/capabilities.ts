/** Names of the bits of CapEff in /proc/PID/status, in the order of linux/capability.h. */
const NAMES = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service',
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin',
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override',
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore',
]
  .join(' ')
  .split(' ');

/** `0000000000002400` → `CAP_NET_BIND_SERVICE`, `CAP_NET_RAW`. */
export function capabilities(hex: string): string[] {
  const bits = BigInt(`0x${hex}`);
  return NAMES.filter((_, bit) => (bits >> BigInt(bit)) & 1n).map((name) => `CAP_${name.toUpperCase()}`);
}
