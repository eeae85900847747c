/** Where a step acts: the host, a container, or a namespace that the recipe itself makes. */
import type { Netns } from '../model/netns.ts';
import type { Target } from '../model/target.ts';

export interface Place {
  /** As it was named: `docker:web`, `netns:red`, `new:red`, `host`. */
  readonly text: string;
  /** For titles and for the names of interfaces: `web`. */
  readonly label: string;
  /** Null: the host's own namespace. */
  readonly path: string | null;
  readonly target: Target | null;
}

export const HOST: Place = { text: 'host', label: 'the host', path: null, target: null };

/** A bare namespace by the name that `ip netns` gives it. */
export const namedPlace = (name: string, target: Target | null): Place => ({
  text: target ? `netns:${name}` : `new:${name}`,
  label: name,
  path: `/run/netns/${name}`,
  target,
});

/** The namespace for a command; a place that is still to be made has no inode yet. */
export const netnsOf = (place: Place, inode: number): Netns | null =>
  place.path === null ? null : { inode, path: place.path };
