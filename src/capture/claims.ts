/**
 * Whose is a packet on an interface where NAT may have given it other addresses? The target's, where it has the target's own
 * addresses, where connection tracking says so, where it was seen at an interface of the target's too, or answers one that was.
 */

import type { Tracked } from '../model/facts.ts';
import type { PublishedPort } from '../model/target.ts';
import { type Ends, PROTOCOL, wayBack, wayOf } from './print.ts';

/** Ways that are remembered; the oldest is forgotten. */
const MOST = 100_000;
const NAMES: Readonly<Record<string, number>> = PROTOCOL;
const numberOf = (proto: string): number | undefined => NAMES[proto === 'icmpv6' ? 'icmp6' : proto];

/** What was added first goes, until there are no more than so many. */
export function forgetOldest(all: Set<string> | Map<string, unknown>, most: number): void {
  for (const one of all.keys()) {
    if (all.size <= most) return;
    all.delete(one);
  }
}

export class Claims {
  readonly #addresses: ReadonlySet<string>;
  readonly #published: ReadonlySet<string>;
  readonly #ways = new Set<string>();

  constructor(addresses: readonly string[], ports: readonly PublishedPort[]) {
    this.#addresses = new Set(addresses);
    this.#published = new Set(ports.map(({ proto, hostPort }) => `${numberOf(proto)} ${hostPort}`));
  }

  has(ends: Ends): boolean {
    const { source, destination, protocol, sourcePort, destinationPort } = ends;
    return (
      this.#addresses.has(source) ||
      this.#addresses.has(destination) ||
      this.#published.has(`${protocol} ${destinationPort}`) ||
      this.#published.has(`${protocol} ${sourcePort}`) ||
      this.#ways.has(wayOf(ends))
    );
  }

  /** This way is the target's, and so is the way back. */
  learn(ends: Ends): void {
    const way = wayOf(ends);
    if (this.#ways.has(way)) return;
    this.#ways.add(way);
    this.#ways.add(wayBack(ends));
    forgetOldest(this.#ways, MOST);
  }

  /** Connections of the target that stand already. */
  read(table: readonly Tracked[]): void {
    for (const { proto, original, reply } of table) {
      const protocol = numberOf(proto);
      const own = [original, reply].some(
        ({ source, destination }) => this.#addresses.has(source) || this.#addresses.has(destination),
      );
      if (protocol === undefined || !own) continue;
      this.learn({ protocol, ...original });
      this.learn({ protocol, ...reply });
    }
  }
}
