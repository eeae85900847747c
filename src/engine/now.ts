/** What the target's own programs go through now, beside a probe that was answered. */
import { gatherOne } from '../discover/facts.ts';
import { holdersOf } from '../discover/socket-holders.ts';
import type { Machine } from '../host/machine.ts';
import { suffering, sufferingAt } from '../kernel/suffering.ts';
import type { Scene } from '../model/scene.ts';
import type { SocketState } from '../model/socket.ts';
import { type Claimed, judgeAsking } from './judge.ts';

/** The sockets as they were before the probe, and every address that the asked name has. */
export interface Earlier {
  readonly sockets: readonly SocketState[];
  readonly addresses: readonly string[];
}

/** The scene with what ails the target's connections to the asked end; null where nothing does. */
export function ailing(machine: Machine, scene: Scene, earlier: Earlier | undefined): Scene | null {
  const { target, flow } = scene;
  if (target.hostNetwork || (flow.from === 'container' && !earlier)) return null;
  const look = machine.sockets(target.netns);
  const after = look.known ? look.value : [];
  const found = earlier
    ? suffering({
        before: earlier.sockets,
        after,
        neighbours: scene.stacks.container.neighbours,
        flow,
        addresses: earlier.addresses,
      })
    : sufferingAt(after, askedPorts(scene));
  if (found.length === 0) return null;
  const wanted = new Set(found.map(({ socket }) => socket.inode).filter((inode) => inode !== 0));
  const holders = holdersOf(machine, target.netns.inode, wanted);
  const ailments = found
    .map((one) => ({ ...one, holder: holders[one.socket.inode] ?? null }))
    // The probes themselves are no program of the target.
    .filter(({ holder }) => holder?.pid !== machine.pid);
  return ailments.length > 0 ? { ...scene, ailments } : null;
}

/** The ports of the target that the flow goes to, by its own number and by what a published one leads to. */
const askedPorts = ({ flow, target, path }: Scene): number[] =>
  flow.port === null || path.ending !== 'container'
    ? []
    : [
        flow.port,
        ...target.ports.filter(({ hostPort }) => hostPort === flow.port).map((port) => port.containerPort),
      ];

/** What the causes make of it. No connection of theirs is one of ICMP, though a ping was asked with. */
export async function claimsOf(machine: Machine, scene: Scene): Promise<readonly Claimed[]> {
  const { flow } = scene;
  const ofTcp = flow.proto === 'icmp' ? { ...scene, flow: { ...flow, proto: 'tcp' as const } } : scene;
  return (await judgeAsking(scene, {}, (need) => gatherOne(machine, ofTcp, need))).claims;
}
