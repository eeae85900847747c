import { join } from 'node:path';
import { Lab } from './lab.ts';
import { type Place, places } from './names.ts';
import type { NetdoctorRun, Network } from './scenario.ts';

/** netdoctor as a user starts it. */
export const program = join(import.meta.dirname, '../../bin/netdoctor');

/** The lab of namespaces, as scenarios use it. */
export async function labNetwork({ ipv6 }: { ipv6: boolean }): Promise<Network> {
  const lab = await Lab.up({ ipv6 });
  const targetOf = (name: string): string => (name in lab.names ? `netns:${lab.names[name as Place]}` : name);
  return {
    lab,
    targetOf,
    namespaces: async () => Object.fromEntries(places.map((place) => [place, lab.namespace(place)])),
    step: ({ in: place, sh }) => lab.step({ in: place as Place, sh }),
    start: ({ in: place, sh }) => lab.start({ in: place as Place, sh }),
    netdoctor: (target, args, whenWaiting) => runNetdoctor(lab, targetOf(target), args, whenWaiting),
    addressOf: async (place) => addresses[place] ?? '',
    down: async () => lab.down(),
  };
}

const addresses: Record<string, string> = { A: '10.88.0.2', B: '10.88.0.3', C: '10.89.0.2' };

/** Asks netdoctor on the lab's host. A flow from outside begins once it says on stderr that it waits for one. */
export async function runNetdoctor(
  lab: Lab,
  target: string,
  args: readonly string[],
  whenWaiting?: () => void,
): Promise<NetdoctorRun> {
  const argv = [program, 'diagnose', target, '--json', ...lab.named(args)];
  const run = lab.run('host', argv, {
    reject: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
  });
  let waits = false;
  run.stderr.on('data', (bytes) => {
    if (waits || !/wait/i.test(String(bytes))) return;
    waits = true;
    whenWaiting?.();
  });
  const { exitCode = -1, stdout, stderr } = await run;
  return { exitCode, stdout, stderr };
}
