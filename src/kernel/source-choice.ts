/** Which of its own addresses a namespace sends with, and which it would but for a flag: IPv6 only. */
import ipaddr from 'ipaddr.js';
import type { Scene } from '../model/scene.ts';
import type { Address, Link, Stack } from '../model/stack.ts';
import { within } from './nat.ts';
import { decide } from './routing.ts';
import { asksRoutes, sender } from './travel.ts';

/** The default policy table of net/ipv6/addrlabel.c (RFC 6724, 2.1); the longest prefix counts. */
const LABELS: readonly (readonly [prefix: string, label: number])[] = [
  ['::1/128', 0],
  ['::ffff:0:0/96', 4],
  ['::/96', 3],
  ['2001::/32', 6],
  ['2001:10::/28', 7],
  ['2002::/16', 2],
  ['fc00::/7', 5],
];
const labelOf = (address: string): number => LABELS.find(([prefix]) => within(address, prefix))?.[1] ?? 1;

/** How many leading bits two addresses share, of so many at most. */
function shared(one: string, other: string, most: number): number {
  const bits = (address: string): string =>
    ipaddr
      .parse(address)
      .toByteArray()
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
  const [a, b] = [bits(one), bits(other)];
  const at = [...a].findIndex((bit, index) => bit !== b[index]);
  return Math.min(at < 0 ? a.length : at, most);
}

interface Candidate {
  readonly own: Address;
  readonly link: Link;
}

/** Rules 1, 5, 6 and 8 of RFC 6724, section 5, as ipv6_get_saddr_eval() has them: greater is better, from the left. */
const rank = ({ own, link }: Candidate, destination: string, dev: string | null): number[] => [
  Number(own.address === destination),
  Number(link.name === dev),
  Number(labelOf(own.address) === labelOf(destination)),
  shared(own.address, destination, own.prefix),
];

function isBetter(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && one[at]! > other[at]!;
}

const candidates = (stack: Stack): Candidate[] =>
  stack.links.flatMap((link) =>
    link.addresses
      .filter((own) => own.family === 6 && own.scope === 'global' && link.up)
      .map((own) => ({ own, link })),
  );

const better = (destination: string, dev: string | null) => (one: Candidate, other: Candidate) =>
  isBetter(rank(one, destination, dev), rank(other, destination, dev)) ? -1 : 1;

/** What a sender takes before any route says by which interface; null where it has none. */
export function chosenSource(stack: Stack, destination: string): string | null {
  const usable = candidates(stack).filter(
    ({ own }) => !own.flags.includes('dadfailed') && !own.flags.includes('tentative'),
  );
  const [first] = usable
    .toSorted(better(destination, null))
    .toSorted((one, other) => Number(isDeprecated(one)) - Number(isDeprecated(other)));
  return first?.own.address ?? null;
}

const isDeprecated = ({ own }: Candidate): boolean => own.flags.includes('deprecated');

/** Worst first: what duplicate detection refused is tentative too. */
const FLAGS = ['dadfailed', 'tentative', 'deprecated'] as const;

export interface PassedOver extends Candidate {
  /** `route`: the route names another source. */
  readonly because: (typeof FLAGS)[number] | 'route';
  /** What the packets were sent with instead; null where no source was found. */
  readonly instead: string | null;
}

/**
 * The address that the sender of the request would have sent with, had it not been flagged, or had the route not named
 * another. Undefined where the best address was used, and where nothing that is known here kept it from being used.
 */
export function passedOver(scene: Scene): PassedOver | undefined {
  const { flow, path, place } = scene;
  const from = sender(scene);
  const instead = path.sourceAddress;
  if (flow.family !== 6 || !from || place?.direction !== 'request') return undefined;
  if (/^f(e[89ab]|f)/i.test(from.destination)) return undefined;
  const found = decide(from.stack, asksRoutes(from));
  const dev = path.sourceRoute.dev;
  const [best] = candidates(from.stack).toSorted(better(from.destination, dev));
  if (!best || best.own.address === instead) return undefined;
  const used = candidates(from.stack).find(({ own }) => own.address === instead);
  if (used && !isBetter(rank(best, from.destination, dev), rank(used, from.destination, dev)))
    return undefined;
  const flag = FLAGS.find((one) => best.own.flags.includes(one));
  if (flag) return { ...best, because: flag, instead };
  const named = found.kind === 'route' && found.route.source === instead;
  return named ? { ...best, because: 'route', instead } : undefined;
}
