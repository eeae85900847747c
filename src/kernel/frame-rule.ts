/** Could a rule of the bridge or arp family take this frame? Read from its text, as ebtables, arptables and nft write it. */
import type { Rule } from '../model/evidence.ts';

export interface Frame {
  /** Interfaces it may come in by or leave by. */
  readonly devs: readonly string[];
  readonly macs: readonly string[];
  readonly isNeighbour: boolean;
}

const values = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap((match) => (match[1] ? [match[1].replaceAll('"', '')] : []));

/** False only where the text certainly excludes the frame; what is not understood counts as fitting. */
export function mayTake(rule: Rule, frame: Frame): boolean {
  const { text } = rule;
  const devs = [
    ...values(text, /(?<!! )(?:--in-interface|--out-interface|-i|-o) (\S+)/g),
    ...values(text, /(?:iifname|oifname|iif|oif|ibrname|obrname) ("[^"]+"|[\w.-]+)/g),
  ];
  const macs = [
    ...values(text, /(?<!! )(?:-s|-d|--source-mac|--destination-mac) ((?:[\da-f]{1,2}:){5}[\da-f]{1,2})/gi),
    ...values(text, /ether (?:saddr|daddr) ((?:[\da-f]{2}:){5}[\da-f]{2})/gi),
  ];
  if (devs.some((dev) => !dev.endsWith('+') && !dev.endsWith('*') && !frame.devs.includes(dev))) return false;
  if (macs.some((mac) => !frame.macs.includes(mac.toLowerCase()))) return false;
  const isArp = /(-p (ARP|0x0?806)\b|ether type arp|\barp (operation|saddr|daddr|htype|ptype))/i.test(text);
  const isIp =
    /(-p (IPv4|IPv6|0x0?800|0x86dd)\b|ether type ip6?\b|\bip6? (saddr|daddr|protocol)|(tcp|udp) (dport|sport))/i.test(
      text,
    );
  if (frame.isNeighbour && rule.family === 'bridge' && isIp && !isArp) return false;
  return frame.isNeighbour || (rule.family !== 'arp' && !isArp);
}
