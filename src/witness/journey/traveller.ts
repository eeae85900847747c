import type { Hop } from '../../model/path.ts';
import type { Direction } from '../../model/sighting.ts';

/**
 * Where one probe is on its path, and which way it travels. Names of devices are all the kernel tells, and another
 * namespace has an eth0 too: a packet moves from a hop to its neighbour only, turns round on the last one only, and
 * whatever else is told of it there happens outside this host.
 */
export class Traveller {
  direction: Direction = 'request';
  /** Past the last hop: on the wire, or in a namespace beyond it. */
  outside = false;
  #index = -1;
  #entered: 'rx' | 'tx' = 'tx';
  readonly #hops: readonly Hop[];
  readonly #turns: boolean;

  /** `turns`: may the packet be seen the other way round on the last hop, or is that a device of the same name elsewhere? */
  constructor(hops: readonly Hop[], turns = true) {
    this.#hops = hops;
    this.#turns = turns;
  }

  get started(): boolean {
    return this.#index >= 0;
  }

  /** Takes one event; undefined where the device is none that the packet can be on now. */
  move(device: string, event: string): Hop | undefined {
    const sense = event.startsWith('netif') ? 'rx' : 'tx';
    const here = this.#hops[this.#index];
    const last = this.#index === this.#hops.length - 1;
    if (here?.name === device) {
      if (here.kind === 'loopback') return this.#loop(here, event);
      // Seen the other way round on the last hop: that is the answer.
      if (this.direction === 'request' && last && sense !== this.#entered) {
        if (!this.#turns) {
          this.outside = true;
          return undefined;
        }
        this.direction = 'reply';
        this.outside = false;
      }
      return here;
    }
    const next = this.#hops[this.#index + (this.direction === 'request' ? 1 : -1)];
    // On its way into a gateway with one leg the answer crosses this one as well, and the kernel tells of it late.
    const inward =
      next?.twice === true && next.where === 'host' && this.direction === 'reply' && sense === 'tx';
    if (next?.name === device && !inward) {
      this.#index = this.#hops.indexOf(next);
      this.#entered = sense;
      return next;
    }
    if (this.direction === 'request' && last) this.outside = true;
    return undefined;
  }

  /** What goes out on loopback comes in again, and is still the request; only what goes out after that is the answer. */
  #loop(here: Hop, event: string): Hop {
    if (event.startsWith('netif')) this.#entered = 'rx';
    else if (event === 'net_dev_queue' && this.#entered === 'rx') this.direction = 'reply';
    return here;
  }
}
