/** A port of a bridge, as `info_slave_data` of `ip -j -d link` tells it: IFLA_BRPORT_* of linux/if_link.h. */
import { eachAttribute } from '../netlink.ts';
import type { Entry } from './entry.ts';

const STATE = 1;
const STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** Attributes of one byte that say whether something is on. */
const SWITCHES: readonly (readonly [attribute: number, name: string])[] = [
  [4, 'hairpin'],
  [8, 'learning'],
  [9, 'flood'],
  [27, 'mcast_flood'],
  [30, 'bcast_flood'],
  [32, 'neigh_suppress'],
  [33, 'isolated'],
  [39, 'locked'],
];

/** Those that are read. */
export const PORT_ATTRIBUTES: readonly number[] = [STATE, ...SWITCHES.map(([attribute]) => attribute)];

const placeOf = new Map(SWITCHES.map(([attribute], place) => [attribute, place]));

/** By what is told of them: of a thousand ports nearly all are alike. */
const known = new Map<number, Entry>();

/** The words of the attributes between two places of a message. Those that are alike are one. */
export function bridgePort(body: Buffer, begin: number, end: number): Entry {
  // A bit each for what is told, and for what is on; the state, one more than it, above them.
  let [state, told, on] = [0, 0, 0];
  eachAttribute(body, begin, end, (attribute, first) => {
    if (attribute === STATE) state = body[first]! + 1;
    const place = placeOf.get(attribute);
    if (place === undefined) return;
    told |= 1 << place;
    on = body[first] === 0 ? on & ~(1 << place) : on | (1 << place);
  });
  const key = (state << 16) | (told << 8) | on;
  const entry = known.get(key) ?? wordsOf(state - 1, told, on);
  known.set(key, entry);
  return entry;
}

function wordsOf(state: number, told: number, on: number): Entry {
  const word = STATES[state];
  return {
    ...(word === undefined ? {} : { state: word }),
    ...Object.fromEntries(
      SWITCHES.flatMap(([, name], place) =>
        (told >> place) & 1 ? [[name, ((on >> place) & 1) === 1] as const] : [],
      ),
    ),
  };
}
