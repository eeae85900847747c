/** A probe of ours was answered: would a program of the target have got so far? What its own limits and rights say. */
import { gather } from '../discover/facts.ts';
import type { Machine } from '../host/machine.ts';
import type { Unknown } from '../model/evidence.ts';
import type { ProcessFacts } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { type Claimed, judge } from './judge.ts';

const OUT_OF_FILES = 'program-out-of-files';

export interface Own {
  readonly claims: readonly Claimed[];
  readonly notes: readonly Unknown[];
}

export async function ofItsPrograms(machine: Machine, scene: Scene): Promise<Own> {
  const { flow, target } = scene;
  if (flow.from !== 'container' || target.pid === null) return { claims: [], notes: [] };
  const facts = await gather(machine, scene, ['openFiles', 'process']);
  const { claims } = judge(scene, facts);
  return {
    claims: claims.filter(({ cause }) => cause.id === OUT_OF_FILES),
    notes: flow.proto === 'icmp' && facts.process?.known ? ping(scene, facts.process.value) : [],
  };
}

/** netdoctor's own socket needs no leave of the container's. icmp(7), capabilities(7) */
function ping({ target }: Scene, { mayPing, pingGroupRange }: ProcessFacts): Unknown[] {
  if (mayPing !== false) return [];
  return [
    {
      what: `whether programs of ${target.name} may ping`,
      because: `they can have no CAP_NET_RAW, and net.ipv4.ping_group_range (${pingGroupRange}) lets none of their groups: their own ping says "Operation not permitted"`,
    },
  ];
}
