/**
 * What packets alone tell of who spoke with whom: what was sent again, what nobody answered, who refused and who fell silent.
 * RFC 9293 3.8.1 (retransmission), 3.5.3 (reset); RFC 792.
 */
import { isIp, type NetworkHeader, networkHeader } from '../wire/headers.ts';
import {
  ACK,
  datagram,
  FIN,
  icmpMessage,
  isBehind,
  isEcho,
  RST,
  type Segment,
  SYN,
  segment,
} from '../wire/transport.ts';
import { count } from '../words/text.ts';
import { nearestEnds } from './journeys.ts';
import { type Ends, PROTOCOL } from './print.ts';
import { networkPart } from './spot.ts';
import type { Told } from './stream.ts';

/** Conversations that are followed; more are a scan, and are counted only. */
const MOST = 20_000;
/** Whoever says nothing for so long after he was spoken to has fallen silent. Nanoseconds. */
const SILENT = 1_000_000_000n;

export interface Party {
  /** `10.0.0.2.40000` */
  readonly end: string;
  packets: number;
  again: number;
  /** Behind the last byte that was sent: a sequence number. */
  sent: number | null;
  /** Behind the last byte that the other side has acknowledged. */
  acknowledged: number | null;
  lastAt: bigint;
  resets: number;
  ends: number;
}

export interface Conversation {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Who spoke first, and the other. */
  readonly parties: readonly [Party, Party];
  /** Number of the spot at which it was last seen going on from the first to speak: how far his packets came. */
  farthest: number;
}

const party = (end: string): Party => ({
  end,
  packets: 0,
  again: 0,
  sent: null,
  acknowledged: null,
  lastAt: 0n,
  resets: 0,
  ends: 0,
});

export class Conversations {
  /** Those for which there was no room. */
  uncounted = 0;
  latest = 0n;
  readonly #all = new Map<string, Conversation>();

  all(): Iterable<Conversation> {
    return this.#all.values();
  }

  take({ journey, first }: Told): void {
    const bytes = networkPart(first);
    const ip = isIp(first.type) ? networkHeader(bytes) : undefined;
    if (first.at > this.latest) this.latest = first.at;
    const ends = nearestEnds(journey);
    if (!ip || ip.fragmentOffset > 0 || !ends) return;
    const inside = bytes.subarray(ip.at);
    const spot = journey.steps.at(-1)!.spot;
    if (ip.protocol === PROTOCOL.tcp) this.#tcp(ip, ends, segment(inside), first.at, spot);
    else if (ip.protocol === PROTOCOL.udp) {
      if (datagram(inside)) this.#said('udp', ends, first.at, spot);
    } else if (ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmp6) {
      const icmp = icmpMessage(inside);
      if (icmp && isEcho(icmp.type)) this.#said('icmp', ends, first.at, spot);
    }
  }

  #tcp(ip: NetworkHeader, ends: Ends, tcp: Segment | undefined, at: bigint, spot: number): void {
    if (!tcp) return;
    const found = this.#said('tcp', ends, at, spot);
    if (!found) return;
    const [speaker, other] = found;
    const data = Math.max(0, ip.length - ip.at - tcp.header);
    const length = data + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0);
    const end = (tcp.sequence + length) >>> 0;
    if (tcp.flags & RST) speaker.resets++;
    if (tcp.flags & FIN) speaker.ends++;
    if (tcp.flags & ACK) other.acknowledged = tcp.acknowledgement;
    if (length === 0) return;
    // What was sent before is sent again. A keepalive repeats one byte at most, and is none: RFC 9293 3.8.4.
    if (speaker.sent !== null && !isBehind(speaker.sent, end)) {
      if (length > 1 || tcp.flags & (SYN | FIN)) speaker.again++;
    } else speaker.sent = end;
  }

  /** Speaker and listener. */
  #said(
    protocol: Conversation['protocol'],
    { source, destination, sourcePort, destinationPort }: Ends,
    at: bigint,
    spot: number,
  ): readonly [Party, Party] | undefined {
    const from = protocol === 'icmp' ? source : `${source}.${sourcePort}`;
    const to = protocol === 'icmp' ? destination : `${destination}.${destinationPort}`;
    const id = protocol === 'icmp' ? ` ${sourcePort}` : '';
    const key = `${protocol}${id} ${from < to ? `${from} ${to}` : `${to} ${from}`}`;
    let conversation = this.#all.get(key);
    if (!conversation) {
      if (this.#all.size >= MOST) {
        this.uncounted++;
        return undefined;
      }
      conversation = { protocol, parties: [party(from), party(to)], farthest: spot };
      this.#all.set(key, conversation);
    }
    const [one, other] = conversation.parties;
    const speaks = one.end === from ? one : other;
    const listens = speaks === one ? other : one;
    if (speaks === one) conversation.farthest = spot;
    speaks.packets++;
    speaks.lastAt = at;
    return [speaks, listens];
  }
}

/** What is wrong with it, in words; empty where nothing is to be seen. `ended`: the last moment of the capture. */
export function troublesOf({ protocol, parties }: Conversation, ended: bigint): string[] {
  const [one, other] = parties;
  const said: string[] = [];
  if (other.packets === 0)
    said.push(`${count(one.packets, 'packet')} from ${one.end}, and ${other.end} never answered`);
  for (const [speaker, listener] of [
    [one, other],
    [other, one],
  ] as const) {
    if (speaker.again > 0)
      said.push(`${speaker.end} sent ${count(speaker.again, 'packet')} of ${speaker.packets} again`);
    if (speaker.resets > 0) said.push(`${speaker.end} reset the connection`);
    if (other.packets > 0 && isSilent(protocol, speaker, listener, ended))
      said.push(
        `${listener.end} fell silent ${seconds(speaker.lastAt - listener.lastAt)} s before the last word of ${speaker.end}`,
      );
  }
  return said;
}

/** Something was said to him, it was not acknowledged, and nothing came any more. */
function isSilent(
  protocol: Conversation['protocol'],
  speaker: Party,
  listener: Party,
  ended: bigint,
): boolean {
  if (protocol !== 'tcp' || speaker.sent === null || listener.resets > 0) return false;
  const open = speaker.acknowledged === null || isBehind(speaker.acknowledged, speaker.sent);
  return open && speaker.lastAt > listener.lastAt && ended - listener.lastAt > SILENT;
}

const seconds = (nanoseconds: bigint): string => (Number(nanoseconds / 1_000_000n) / 1000).toFixed(1);
