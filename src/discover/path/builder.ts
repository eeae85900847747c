import type { Ending, Origin } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Decision, Gap, Hop, Path, StageKind, Where } from '../../model/path.ts';
import type { Link, Stack } from '../../model/stack.ts';
import { describeLink } from './describe.ts';

/** A namespace as the walk sees it. */
export interface Side {
  readonly where: Where;
  readonly netns: Netns | null;
  readonly stack: Stack;
}

/** Grows a path hop by hop in the order a request takes. */
export class PathBuilder {
  readonly hops: Hop[] = [];
  readonly stages: StageKind[] = [];
  readonly gaps: Gap[] = [];
  ending: Ending = 'outside';
  hostRoute: Decision | null = null;
  /** Where a DNAT rule of the host leads, as far as it could be foretold. */
  real: { readonly address: string; readonly port: number | null } | null = null;
  /** The far namespace, when the path ends in one that is not the target's. */
  other: Side | null = null;

  /** Adds an interface, reached through `stage`. One that is there already is not crossed twice. */
  add(side: Side, link: Link, stage: StageKind, kind?: string): void {
    const plain = `${side.where}/${link.name}`;
    const same = this.hops.find((hop) => hop.id === plain);
    if (same && same.netns?.inode === side.netns?.inode) return;
    // Two namespaces that are neither the container's nor the host's may use one name.
    const id = same ? `${plain}#${side.netns?.inode}` : plain;
    const described = describeLink(link, side.stack);
    this.stages.push(stage);
    this.hops.push({
      id,
      name: link.name,
      where: side.where,
      kind: kind ?? described.kind,
      link,
      netns: side.netns,
      about: described.about,
    });
    if (side.where === 'other') this.other = side;
  }

  /** The packet comes back over the last hops down to that of `first`: what a hop shows of it is then two crossings. */
  turn(first: Link): void {
    const at = this.hops.findLastIndex(
      ({ where, link }) => where === 'host' && link.ifindex === first.ifindex,
    );
    for (let index = Math.max(at, 0); index < this.hops.length; index += 1)
      this.hops[index] = { ...this.hops[index]!, twice: true };
  }

  gap(kind: Gap['kind'], says: string): void {
    this.gaps.push({ after: this.hops.at(-1)?.id ?? null, kind, says });
  }

  /** Ends the path: what lies after the last hop; `forward` where a kernel of this host has no way on. */
  end(stage: 'deliver' | 'beyond' | 'forward', ending: Ending): void {
    this.stages.push(stage);
    this.ending = ending;
  }

  build(
    origin: Origin,
    sourceRoute: Decision,
    sourceAddress: string | null,
    realDestination: string,
    realPort: number | null,
  ): Path {
    if (this.stages.length === this.hops.length) this.stages.push('beyond');
    const { hops, stages, gaps, ending, hostRoute } = this;
    return {
      hops,
      stages,
      gaps,
      ending,
      hostRoute,
      origin,
      sourceRoute,
      sourceAddress,
      realDestination,
      realPort,
    };
  }
}
