/** A capture of every hop of one target, from its first line to its last. */

import { parseTable } from '../discover/parse/conntrack.ts';
import { readStacks } from '../discover/path.ts';
import { ask } from '../host/ask.ts';
import type { CaptureEngine, Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Target } from '../model/target.ts';
import { LINK, type Names, type Statistics } from '../pcapng/content.ts';
import { findTarget, stillThere } from '../targets/target.ts';
import { plain } from '../words/text.ts';
import { Claims } from './claims.ts';
import { filterAt, type SpotFilter } from './filter.ts';
import { headersOnly } from './frame-bytes.ts';
import { allEthernet, type Count, type Listening, listen } from './listen.ts';
import { listenByCap } from './listen-by-cap.ts';
import { type Into, Saving } from './save/saving.ts';
import type { Seen, Spot } from './spot.ts';
import { chosen, spotsOf } from './spots.ts';
import { Stream, type Told } from './stream.ts';

export interface CaptureQuestion {
  readonly target: string;
  /** pcap-filter(7); empty: everything. */
  readonly filter: string;
  /** Names of hops; none: all of them. */
  readonly hops: readonly string[];
  readonly snaplen: number;
  /** Data too, not headers alone. */
  readonly payload: boolean;
  readonly engine: CaptureEngine;
  /** What goes in, or comes out, of each interface. */
  readonly direction: 'in' | 'out' | null;
  /** Packets after which it ends; null: none. */
  readonly packets: number | null;
  readonly seconds: number | null;
  readonly into: Into | null;
  /** Every packet reaches the file at once. */
  readonly atOnce: boolean;
  readonly application: string;
}

export interface Listens {
  readonly spots: readonly Spot[];
  readonly filters: readonly SpotFilter[];
  /** Addresses of the target. */
  readonly own: ReadonlySet<string>;
  readonly link: number;
}

export type CaptureEvent =
  | ({ readonly type: 'listening' } & Listens)
  | { readonly type: 'packet'; readonly told: Told };

export interface Ended {
  readonly spots: readonly Spot[];
  readonly counts: readonly Count[];
  /** Frames of each hop that were the target's. */
  readonly taken: readonly number[];
  readonly packets: number;
  /** Frames that came too fast to be looked at. */
  readonly overrun: number;
  /** Packets in files, and the files; null: nothing was to be saved. */
  readonly saved: { readonly packets: number; readonly files: readonly string[] } | null;
  /** Why it ended before it should. */
  readonly because: { readonly code: string; readonly message: string } | null;
}

/** How often what came is looked at. Milliseconds. */
const TICK = 25;
/** How long what came before the end is read. Milliseconds. */
const REST = 500;
/** How far one interface may be behind another where more comes than can be read. Nanoseconds. */
const BEHIND = 250_000_000n;
/** What the kernel hands over where headers are enough: those of Ethernet, IPv6, TCP, and by what a packet is known again. */
const HEADERS = 192;

/** @throws Failure for what is wrong before it begins; what ends it later is told in `because` */
export async function capture(
  machine: Machine,
  asked: CaptureQuestion,
  tell: (event: CaptureEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<Ended> {
  const target = await findTarget(machine, asked.target);
  const stacks = await readStacks(machine, target);
  const spots = chosen(await spotsOf(machine, target, stacks), asked.hops);
  if (spots.length === 0)
    throw cannotLook(
      'no-interface',
      `${plain(target.name)} has no interface with an address at which anything could be captured.`,
      'netdoctor containers lists what each target has.',
    );
  const links = stacks.container.links.filter(({ kind }) => kind !== 'loopback');
  const addresses = links.flatMap((link) => link.addresses.map(({ address }) => address));
  const macs = links.flatMap(({ mac }) => (mac === null ? [] : [mac]));
  const ethernet = allEthernet(spots);
  const filters = spots.map((spot) =>
    filterAt(spot, { filter: asked.filter, addresses, macs, ports: target.ports, ethernet }),
  );
  const claims = new Claims(addresses, target.ports);
  if (spots.some(({ passes }) => passes === 'translated')) await readTracked(machine, addresses, claims);
  const stream = new Stream(spots, claims, asked.packets ?? Infinity);
  const taken = spots.map(() => 0);
  const onSeen = (seen: Seen): void => {
    if (asked.direction === null || seen.direction === asked.direction) stream.add(seen);
  };
  const link = ethernet ? LINK.ethernet : LINK.cooked2;
  const snaplen = asked.payload ? asked.snaplen : Math.min(asked.snaplen, HEADERS);
  const head = {
    application: asked.application,
    os: osOf(machine),
    interfaces: spots.map((spot, at) => ({
      name: spot.label,
      description: spot.about,
      addresses: spot.addresses,
      filter: filters[at]!.applies ? filters[at]!.filter : null,
      comments: filters[at]!.says === null ? [] : [filters[at]!.says],
    })),
    link,
    snaplen: asked.snaplen,
    names: namesOf(target, addresses),
  };
  const saving = asked.into ? await Saving.begin(head, asked.into, signal) : null;
  let listening: Listening;
  try {
    listening =
      asked.engine === 'cap'
        ? await listenByCap(machine, spots, filters, { ethernet, snaplen }, onSeen)
        : listen(machine, spots, filters, { ethernet, snaplen }, onSeen);
  } catch (error) {
    saving?.discard();
    throw error;
  }
  const began = listening.now();
  const own = new Set(addresses);
  await tell({ type: 'listening', spots, filters, own, link });
  const lost = spots.map(() => 0);
  const statistics = (): Statistics[] =>
    listening.counts().map(({ seen, lost }, on) => ({
      on,
      from: began,
      until: listening.now(),
      accepted: BigInt(seen),
      lost: BigInt(lost),
    }));

  /** Files first: what is told is in them. */
  const handOn = async (now?: bigint): Promise<string | null> => {
    const { frames, told } = stream.until(now);
    const counts = frames.length > 0 && saving ? listening.counts() : [];
    for (const { seen, journey } of frames) {
      taken[seen.spot]!++;
      if (!saving) continue;
      const { bytes, length, at, direction } = asked.payload ? seen : headersOnly(seen);
      const lately = (counts[seen.spot]?.lost ?? 0) - lost[seen.spot]!;
      lost[seen.spot]! += lately;
      saving.packet({
        on: seen.spot,
        at,
        bytes,
        length,
        direction,
        id: journey.id,
        lost: lately > 0 ? BigInt(lately) : null,
        comments: [],
      });
    }
    const refused = (await saving?.flush(signal, statistics)) ?? null;
    if (refused !== null) return refused;
    for (const one of told)
      await tell({ type: 'packet', told: asked.payload ? one : { ...one, first: headersOnly(one.first) } });
    return null;
  };

  const because = await untilEnded({ machine, target, asked, stream, listening, handOn, signal });
  await listening.drain(REST);
  const counts = listening.counts();
  await listening.stop();
  const refused = because?.code === 'unwritten' ? because.code : await handOn();
  const kept = (await saving?.end(signal, statistics())) ?? null;
  const unwritten = because ?? unwrittenOf(refused ?? kept);
  return {
    spots,
    counts,
    taken,
    packets: stream.packets,
    overrun: stream.overrun,
    saved: saving ? { packets: saving.saved, files: saving.files } : null,
    because: unwritten,
  };
}

interface Under {
  readonly machine: Machine;
  readonly target: Target;
  readonly asked: CaptureQuestion;
  readonly stream: Stream;
  readonly listening: Listening;
  handOn(now: bigint): Promise<string | null>;
  readonly signal: AbortSignal;
}

/** Null: it ended as it was meant to. */
async function untilEnded({
  machine,
  target,
  asked,
  stream,
  listening,
  handOn,
  signal,
}: Under): Promise<Ended['because']> {
  const started = machine.now();
  const over = (): boolean =>
    signal.aborted ||
    (asked.packets !== null && stream.packets >= asked.packets) ||
    (asked.seconds !== null && Number(machine.now() - started) / 1e9 >= asked.seconds);
  for (let tick = 0; !over(); tick++) {
    await pause(TICK, signal);
    const now = listening.now();
    // What was seen by then has been read, from all of them.
    const all = await listening.drain(TICK);
    const refused = await handOn(all ? now : now - BEHIND);
    if (refused !== null) return unwrittenOf(refused);
    if (tick % 40 === 0 && !stillThere(machine, target))
      return { code: 'container-gone', message: `${plain(target.name)} went away.` };
  }
  return null;
}

const unwrittenOf = (code: string | null): Ended['because'] =>
  code === null
    ? null
    : {
        code: 'unwritten',
        message:
          code === 'ENOSPC'
            ? 'No space is left where it is saved.'
            : `The capture could not be written: ${code}.`,
      };

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });

/** The connections of the target that stand already; of new ones its own interfaces tell. Source: conntrack(8). */
async function readTracked(machine: Machine, addresses: readonly string[], claims: Claims): Promise<void> {
  const lists = addresses
    .filter((address) => !/^fe80:/.test(address))
    .flatMap((address) =>
      ['--orig-src', '--reply-src'].map((side) =>
        ask(machine, ['conntrack', '-L', '-f', address.includes(':') ? 'ipv6' : 'ipv4', side, address]),
      ),
    );
  for (const answer of await Promise.all(lists)) if (answer.known) claims.read(parseTable(answer.value));
}

function osOf(machine: Machine): string | null {
  const version = machine.read('/proc/sys/kernel/osrelease');
  return version.known ? `Linux ${version.value.trim()}` : null;
}

/** `web.bridge` for its address on that network, as the runtime's own resolver would have it. */
function namesOf({ name, networks }: Target, addresses: readonly string[]): Names[] {
  const on = (address: string) => networks.find((network) => network.addresses.includes(address));
  return addresses.map((address) => {
    const network = on(address);
    return { address, names: [network ? `${name}.${network.name}` : name] };
  });
}
