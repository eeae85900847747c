/** Real traffic by the tools that the articles use: ping, and a TCP connection. */
import { createConnection } from 'node:net';
import type { Proof } from '../../../src/guide/event.ts';
import type { PlannedHold } from '../../../src/guide/plan.ts';
import type { World } from '../../../src/guide/world.ts';

const connects = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1000 });
    socket.once('connect', () => resolve(true) as unknown as undefined);
    socket.once('error', () => resolve(false));
    socket.once('timeout', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });

async function pings(world: World, { from, to }: PlannedHold): Promise<boolean> {
  const answer = await world.look(from, ['ping', '-n', '-c2', '-i0.2', '-W1', to]);
  return answer.known && answer.value.code === 0;
}

export const prover =
  (world: World) =>
  async (hold: PlannedHold): Promise<Proof> => {
    const [host = '', port] = hold.to.split(':');
    const answered = hold.proto === 'tcp' ? await connects(host, Number(port)) : await pings(world, hold);
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
