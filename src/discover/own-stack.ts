/** A sandbox with a network stack of its own (gVisor): the interface has no address, and a program reads its frames. */
import type { Machine } from '../host/machine.ts';
import type { Stack } from '../model/stack.ts';
import type { OwnStack, Target } from '../model/target.ts';
import { plain } from '../words/text.ts';

/** Programs that read frames and are no stack: captures, DHCP clients, link managers. */
const READERS =
  /^(tcpdump|dumpcap|tshark|wireshark|termshark|dhclient|dhcpcd|udhcpc|dhcpcanon|systemd-network|NetworkManager|lldpd|arping|ifplugd|wpa_supplicant|hostapd|snort|suricata|zeek|keepalived|node|netdoctor|capture-child\S*|arpwatch|netsniff-ng|ndpmon|pppoe)$/;

/** A packet socket in /proc/net/packet: sk, references, type, protocol (hexadecimal), ifindex, …. net/packet/af_packet.c */
const SOCKET = /^\S+\s+\d+\s+\d+\s+([0-9a-f]{4})\s+(\d+)\s/i;

/** ETH_P_ALL: a stack answers ARP and IP; a DHCP client asks for IP alone. */
const EVERYTHING = '0003';

/**
 * Null where there is none, or nothing could be seen of it. To be asked before anything is captured in the namespace: a
 * capture is such a socket too.
 */
export async function findOwnStack(machine: Machine, target: Target, stack: Stack): Promise<OwnStack | null> {
  if (target.hostNetwork) return null;
  const links = stack.links.filter(({ kind }) => kind !== 'loopback');
  const isBare = links.every(({ addresses }) => addresses.every(({ scope }) => scope !== 'global'));
  if (links.length === 0 || !isBare) return null;
  const table = machine.read('/proc/net/packet', target.netns);
  if (!table.known) return null;
  const read = table.value.split('\n').flatMap((line) => {
    const [, proto, ifindex] = SOCKET.exec(line.trim()) ?? [];
    return proto?.toLowerCase() === EVERYTHING ? [Number(ifindex)] : [];
  });
  const link = links.find((one) => one.up && read.includes(one.ifindex));
  if (!link) return null;
  const program = await programAt(machine, target, link.name);
  return program !== null && READERS.test(program.name)
    ? null
    : { dev: link.name, program: program?.shown ?? null };
}

/** Who holds the packet socket: ss(8). */
async function programAt(machine: Machine, target: Target, dev: string) {
  const answer = await machine.run({ argv: ['ss', '-H', '-0', '-n', '-p'], in: target.netns });
  if (!answer.known || answer.value.code !== 0) return null;
  const line = answer.value.stdout.split('\n').find((one) => one.includes(`:${dev} `) && /users:/.test(one));
  const [, name, pid] = /"((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(line ?? '') ?? [];
  return name === undefined ? null : { name, shown: plain(`${name} (pid ${pid})`) };
}
