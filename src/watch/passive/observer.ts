/** Reads a target's packets as they are known, and tells what goes wrong. Pure: packets in, troubles out. */
import type { Dropped } from '../../capture/drops.ts';
import { type Ends, PROTOCOL, printOf } from '../../capture/print.ts';
import { networkPart, type Spot } from '../../capture/spot.ts';
import type { Told } from '../../capture/stream.ts';
import { icmp6Text, icmpText } from '../../capture/text/icmp.ts';
import { isIp, type NetworkHeader, networkHeader } from '../../wire/headers.ts';
import { datagram, icmpMessage, quotes, segment } from '../../wire/transport.ts';
import { DNS_PORT, Questions } from './dns.ts';
import { type Talk, Talks } from './talks.ts';
import { hearSegment } from './tcp.ts';
import { type Reach, reachOf, type Trouble } from './trouble.ts';

/** A trouble before its program is known. */
export type Shown = Omit<Trouble, 'program'>;

export class Observer {
  /** Packets that were read. */
  packets = 0;
  readonly #spots: readonly Spot[];
  /** Nanoseconds that an answer is waited for. */
  readonly #patience: bigint;
  readonly #talks = new Talks();
  readonly #questions = new Questions();

  constructor(spots: readonly Spot[], patience: bigint) {
    this.#spots = spots;
    this.#patience = patience;
  }

  /** Packets must come as they are told: each when nothing more is expected of it. */
  take({ journey, first, before }: Told, dropped: Dropped | null): Shown[] {
    const bytes = networkPart(first);
    const ip = isIp(first.type) ? networkHeader(bytes) : undefined;
    // One that goes on late, as after a neighbour was asked for, has been read.
    if (!ip || ip.fragmentOffset > 0 || before > 0) return [];
    this.packets++;
    const reach = reachOf(journey, dropped, this.#spots);
    const inside = bytes.subarray(ip.at);
    const { at } = first;
    if (ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmp6)
      return this.#icmp(ip, inside, { at, reach, about: printOf(first).about });
    if (ip.protocol !== PROTOCOL.tcp && ip.protocol !== PROTOCOL.udp) return [];
    const found = this.#talks.take(journey);
    if (!found) return [];
    const { talk, speaker } = found;
    const tcp = ip.protocol === PROTOCOL.tcp ? segment(inside) : undefined;
    const udp = ip.protocol === PROTOCOL.udp ? datagram(inside) : undefined;
    const isDns = udp && (udp.sourcePort === DNS_PORT || udp.destinationPort === DNS_PORT);
    const data = tcp ? Math.max(0, ip.length - ip.at - tcp.header) : 0;
    const said = tcp
      ? hearSegment(talk, { tcp, data, at, reach, speaker })
      : isDns
        ? this.#questions.hear(talk, udp.data, at, reach)
        : null;
    return said ? [{ ...said, at, ends: talk.ends, answer: null }] : [];
  }

  /** What has waited for too long by then. */
  until(now: bigint): Shown[] {
    const shown: Shown[] = [];
    for (const talk of this.#talks.all()) {
      const { open } = talk;
      if (!open || open.told || now - open.at < this.#patience) continue;
      open.told = true;
      shown.push(unanswered(talk, 'syn-unanswered', open, 'nobody answers its SYN'));
    }
    for (const open of this.#questions.unanswered(now - this.#patience))
      shown.push(
        unanswered(open.talk, 'dns-unanswered', open, `nobody answers the question for ${open.name}`),
      );
    return shown;
  }

  /** An error about a packet of the target's, or one of its own. */
  #icmp(
    ip: NetworkHeader,
    bytes: Uint8Array,
    { at, reach, about }: { readonly at: bigint; readonly reach: Reach; readonly about: Ends | null },
  ): Shown[] {
    const icmp = icmpMessage(bytes);
    if (!icmp || !about || !quotes(ip.family, icmp.type)) return [];
    const talk = this.#talks.of(about)?.talk;
    if (talk) {
      talk.open = null;
      this.#questions.settle(talk);
    }
    const text = (ip.family === 4 ? icmpText : icmp6Text)(icmp, 0).replace(/, length \d+$/, '');
    return [
      {
        kind: 'icmp-error',
        at,
        ends: talk?.ends ?? about,
        reach,
        answer: null,
        says: `${ip.source} says: ${text}`,
      },
    ];
  }
}

const unanswered = (
  { ends, answer }: Talk,
  kind: Shown['kind'],
  { at, reach }: { readonly at: bigint; readonly reach: Reach },
  says: string,
): Shown => ({ kind, at, ends, reach, answer, says });
