/** Real traffic by the tools that the articles use: ping, and a client of the service. */
import type { Proof } from '../../../src/guide/event.ts';
import type { PlannedHold } from '../../../src/guide/plan.ts';
import type { World } from '../../../src/guide/world.ts';
import { greets } from './service.ts';

async function pings(world: World, { from, to }: PlannedHold): Promise<boolean> {
  const answer = await world.look(from, ['ping', '-n', '-c2', '-i0.2', '-W1', to]);
  return answer.known && answer.value.code === 0;
}

function connects(world: World, { from, to, proto }: PlannedHold): Promise<boolean> {
  const { path } = world.place(from);
  const netns = path === null ? undefined : world.machine.netns(path);
  return greets(world.machine, netns?.known ? netns.value : undefined, { proto: proto as 'tcp' | 'udp', to });
}

export const prover =
  (world: World) =>
  async (hold: PlannedHold): Promise<Proof> => {
    const answered = await (hold.proto === 'icmp' ? pings : connects)(world, hold);
    return {
      from: hold.from,
      to: hold.to,
      proto: hold.proto,
      wanted: hold.answered ? 'answered' : 'silent',
      found: answered ? 'answered' : 'silent',
      holds: answered === hold.answered,
      says: '',
    };
  };
