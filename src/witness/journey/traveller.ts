import type { Hop } from '../../model/path.ts';
import type { Direction } from '../../model/sighting.ts';

/**
 * Where one probe is on its path, and which way it travels. Names of devices are all the kernel tells, and another
 * namespace has an eth0 too: a packet moves from a hop to its neighbour only, turns round on the last one only, and
 * whatever else is told of it there happens outside this host. Where the path forks, the last one is any of the fork's.
 */
export class Traveller {
  direction: Direction = 'request';
  /** Past the last hop: on the wire, or in a namespace beyond it. */
  outside = false;
  #here: Hop | undefined;
  #entered: 'rx' | 'tx' = 'tx';
  #event = '';
  #astray = false;
  readonly #hops: readonly Hop[];
  readonly #turns: boolean | null;
  /** The last hop, and those beside it by which the packet may leave as well. */
  readonly #exits: readonly Hop[];

  /**
   * `turns`: is what is seen the other way round on the last hop the answer? Null: where it is not the packet that was sent.
   * `branches`: the hops that stand beside the last one.
   */
  constructor(hops: readonly Hop[], turns: boolean | null = true, branches: readonly Hop[] = []) {
    this.#hops = hops;
    this.#turns = turns;
    this.#exits = [...hops.slice(-1), ...branches];
  }

  get started(): boolean {
    return this.#here !== undefined;
  }

  /**
   * Takes one event; undefined where the device is none that the packet can be on now. `handedOver`: it is the very packet that
   * was sent by a device of this name: the far end of a cable between two of one name takes it.
   */
  move(device: string, event: string, handedOver = false): Hop | undefined {
    const sense = event.startsWith('netif') ? 'rx' : 'tx';
    const here = this.#here;
    const handedDown = event === 'net_dev_queue' && this.#event === event && here?.name === device;
    this.#event = event;
    const leaving = this.direction === 'request' && here !== undefined && this.#exits.includes(here);
    // A container on the uplink's wire may call its interface as the host calls its own: there it is queued once more.
    const below = handedDown ? this.#next()[0] : undefined;
    if (here?.name === device && below?.name !== device) {
      if (here.kind === 'loopback') return this.#loop(here, event);
      // Seen the other way round on the last hop: that is the answer.
      if (leaving && sense !== this.#entered) return this.#turn(here, handedOver);
      return here;
    }
    const next = this.#next().find(({ name }) => name === device);
    // On its way into a gateway with one leg the answer crosses this one as well, and the kernel tells of it late.
    const inward =
      next?.twice === true && next.where === 'host' && this.direction === 'reply' && sense === 'tx';
    if (next && !inward) {
      this.#astray = false;
      this.#here = next;
      this.#entered = sense;
      return next;
    }
    // A cable hands it over before its near end says that it was sent: veth_xmit(), drivers/net/veth.c.
    if (event === 'net_dev_xmit' && this.#entered === 'rx' && this.#before()?.name === device)
      return undefined;
    // Sent by an interface beside the path and taken by another one, it has left this path for good.
    if (!leaving) {
      this.outside ||= this.#astray && sense === 'rx';
      this.#astray ||= sense === 'tx';
      return undefined;
    }
    // The answer may come in by another hop of the fork than the request went out by.
    const beside = sense === 'rx' ? this.#exits.find(({ name }) => name === device) : undefined;
    if (beside) return this.#turn(beside);
    this.outside = true;
    return undefined;
  }

  #turn(at: Hop, handedOver = false): Hop | undefined {
    this.outside = this.#turns === null ? handedOver : !this.#turns;
    if (this.outside) return undefined;
    this.direction = 'reply';
    this.#here = at;
    return at;
  }

  /** Where a packet can be after where it is. */
  #next(): readonly Hop[] {
    const here = this.#here;
    if (!here) return this.#hops.length === 1 ? this.#exits : this.#hops.slice(0, 1);
    const last = this.#hops.length - 1;
    const index = this.#exits.includes(here) ? last : this.#hops.indexOf(here);
    if (this.direction === 'reply') return this.#hops.slice(Math.max(0, index - 1), index);
    return index + 1 === last ? this.#exits : this.#hops.slice(index + 1, index + 2);
  }

  /** The hop that it came from. */
  #before(): Hop | undefined {
    const here = this.#here;
    if (!here) return undefined;
    const index = this.#exits.includes(here) ? this.#hops.length - 1 : this.#hops.indexOf(here);
    return this.#hops[this.direction === 'request' ? index - 1 : index + 1];
  }

  /** What goes out on loopback comes in again, and is still the request; only what goes out after that is the answer. */
  #loop(here: Hop, event: string): Hop {
    if (event.startsWith('netif')) this.#entered = 'rx';
    else if (event === 'net_dev_queue' && this.#entered === 'rx') this.direction = 'reply';
    return here;
  }
}
