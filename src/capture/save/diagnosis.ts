/**
 * A diagnosis as a capture file: the packets that its captures saw, each journey with one number; beside the last sighting of
 * what was lost, why; and at the end everything the machine answered, from which the verdict can be had again.
 */
import type { CaptureEvent, Frame } from '../../host/machine.ts';
import { type Recording, SCHEMA, toText } from '../../host/record/recording.ts';
import { ends } from '../../kernel/rules.ts';
import type { Diagnosis, PathEntry } from '../../model/diagnosis.ts';
import type { Target } from '../../model/target.ts';
import {
  type Described,
  LINK,
  LONGEST_PACKET,
  type SavedPacket,
  type Statistics,
} from '../../pcapng/content.ts';
import { attachmentBlocks, packetBlock, statisticsBlock } from '../../pcapng/writer.ts';
import { ETHERTYPE, ethernetHeader } from '../../wire/headers.ts';
import { cooked } from '../frame-bytes.ts';
import { type Journey, Journeys } from '../journeys.ts';
import { seenOf } from '../link.ts';
import type { Seen } from '../spot.ts';
import { headBlocks, namesOf } from './head.ts';

export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly target: Target;
  readonly recording: Recording;
  /** Nanoseconds from CLOCK_MONOTONIC to the clock of the day. */
  readonly offset: bigint;
  readonly application: string;
  readonly os: string | null;
}

export function diagnosisBlocks(asked: Diagnosed): Uint8Array[] {
  const { diagnosis, target, recording, application, os } = asked;
  const frames = framesOf(recording);
  const hops = diagnosis.path.filter(
    ({ id }) => frames.some(({ hop }) => hop === id) || captured(diagnosis, id),
  );
  const ethernet = frames.every(({ link }) => link === 'ETHERNET');
  const packets = packetsOf(asked, frames, hops, ethernet);
  return [
    ...headBlocks({
      application,
      os,
      remarks: [diagnosis.summary],
      interfaces: hops.map((hop) => described(hop, target)),
      link: ethernet ? LINK.ethernet : LINK.cooked2,
      snaplen: LONGEST_PACKET,
      names: namesOf(target, ownAddresses(diagnosis)),
    }),
    ...packets.map(packetBlock),
    ...statisticsOf(packets, hops).map(statisticsBlock),
    ...attachmentBlocks({ name: SCHEMA, text: toText(recording) }),
  ];
}

const captured = ({ path }: Diagnosis, id: string): boolean =>
  path.some((entry) => entry.id === id && entry.captured);

/** What the captures told, in time. */
const framesOf = ({ told }: Recording): Frame[] =>
  told
    .flatMap(({ stream, event }) => {
      const one = event as CaptureEvent;
      return stream.startsWith('capture') && one.type === 'frame' ? [one.frame] : [];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

const described = ({ name, where, kind, addresses }: PathEntry, target: Target): Described => ({
  name: where === 'container' ? `${name}@${target.name}` : name,
  description: kind,
  addresses: addresses.filter((address) => address.includes('/')),
  filter: null,
  comments: [],
});

const ownAddresses = ({ path }: Diagnosis): string[] =>
  path
    .filter(({ where }) => where === 'container')
    .flatMap(({ addresses }) => addresses.map((cidr) => cidr.split('/')[0]!));

function packetsOf(
  { diagnosis, offset }: Diagnosed,
  frames: readonly Frame[],
  hops: readonly PathEntry[],
  ethernet: boolean,
): SavedPacket[] {
  const journeys = new Journeys();
  const seen = frames.flatMap((frame): { one: Seen; journey: Journey }[] => {
    const spot = hops.findIndex(({ id }) => id === frame.hop);
    const one = spot < 0 ? undefined : seenOf(frame, spot, offset);
    return one ? [{ one, journey: journeys.take(one)[0] }] : [];
  });
  const why = whyLost(diagnosis);
  const last = hops.findIndex(({ id }) => id === diagnosis.between?.[0]);
  return seen.map(({ one, journey }) => {
    const isLast = journey.steps.at(-1)!.at === one.at && one.spot === last && one.type !== ETHERTYPE.arp;
    const { bytes, length } = ethernet ? one : cookedOf(one);
    const { spot: on, at, direction } = one;
    return { on, at, bytes, length, direction, id: journey.id, lost: null, comments: isLast ? why : [] };
  });
}

/** Of each hop, while it was looked at; what it lost is in the recording. */
function statisticsOf(packets: readonly SavedPacket[], hops: readonly PathEntry[]): Statistics[] {
  const [from, until] = [packets[0]?.at ?? null, packets.at(-1)?.at ?? null];
  return hops.map((_, on) => {
    const accepted = BigInt(packets.filter((packet) => packet.on === on).length);
    return { on, from, until, accepted, lost: null };
  });
}

/** Drop reason, rule and owner, as far as they were seen; and the sentence that says where it stops. */
function whyLost({ evidence, summary, status }: Diagnosis): string[] {
  if (status === 'healthy') return [];
  const told = evidence
    .filter(({ agrees }) => agrees !== false)
    .flatMap(({ drop, rule }) => [
      ...(drop ? [`dropped: ${drop.reason} at ${drop.function}`] : []),
      ...(rule && ends(rule.verdict)
        ? [
            `${rule.verdict} by ${rule.engine} ${rule.family} ${rule.table} ${rule.chain}${rule.number === null ? '' : ` ${rule.number}`}: ${rule.text} (${rule.owner ?? 'written by hand'})`,
          ]
        : []),
    ]);
  return [...new Set([...told, summary])];
}

/** In the header that every kind of interface can have. */
function cookedOf(seen: Seen): Pick<Seen, 'bytes' | 'length'> {
  const link = seen.header >= 14 ? ethernetHeader(seen.bytes)?.link : undefined;
  return cooked({
    ifindex: seen.spot + 1,
    protocol: seen.type,
    direction: seen.direction ?? 'in',
    foreign: false,
    hardware: link ? 1 : 65_534,
    senderMac: link?.source ?? null,
    header: seen.header,
    bytes: seen.bytes,
    length: seen.length,
  });
}
