/** Further connections of the flow that a run asks about. */
import { pause } from '../../host/clock.ts';
import type { Machine, ProbeSocket, SocketEvent } from '../../host/machine.ts';
import type { Ends } from '../../kernel/accept-queue.ts';
import type { RunPlan } from './plan.ts';

/** How long they are waited for. Milliseconds. */
const OPENING = 150;

interface Of {
  readonly machine: Machine;
  readonly plan: Pick<RunPlan, 'flow' | 'netns' | 'cgroup' | 'user'>;
}

/**
 * Opens so many, to what is `port` where they arrive, and says this over each. From other source ports: by those the kernel chooses
 * among the sockets that share a port. reuseport_select_sock()
 */
export async function openFurther(
  of: Of,
  port: number,
  count: number,
  opened: ProbeSocket[],
  says?: Uint8Array,
): Promise<Ends[]> {
  const before = opened.length;
  const peers: number[] = [];
  let settled = 0;
  const done = new Promise<void>((resolve) => {
    const settle = (): void => {
      settled += 1;
      if (settled === count) resolve();
    };
    for (let index = 0; index < count; index++) {
      const socket = opening(of, (event) => {
        if (event.type === 'bound') peers.push(event.port);
        else if (event.type === 'connected' || event.type === 'error') settle();
      });
      if (!socket) return resolve();
      opened.push(socket);
      if (socket.localPort !== null) peers.push(socket.localPort);
      if (socket.send() !== null) settle();
    }
  });
  await Promise.race([done, pause(of.machine, OPENING)]);
  if (says) for (const socket of opened.slice(before)) socket.write(says);
  return peers.map((peer) => ({ port, peer }));
}

/** One more connection of the flow, from a port of its own; null where none can be had. */
export function opening({ machine, plan }: Of, tell: (event: SocketEvent) => void): ProbeSocket | null {
  const { flow, netns, cgroup, user } = plan;
  const socket = machine.open(
    {
      kind: 'tcp',
      family: flow.family,
      netns,
      destination: flow.address,
      port: flow.port,
      ...(cgroup ? { cgroup } : {}),
      ...(user ? { user } : {}),
    },
    tell,
  );
  return socket.known ? socket.value : null;
}
