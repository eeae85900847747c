/** The same question, asked in a lab by netdoctor and by hand, and how long each took. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../test/lab/lab.ts';
import { program, runNetdoctor } from '../test/lab/lab-network.ts';

export const DESTINATION = '198.51.100.1';
const script = join(import.meta.dirname, 'by-hand.sh');

export type Status = 'healthy' | 'fault';

/**
 * So long the kernel takes back what the run before had armed (perf_event_open(2)): who arms at once waits for it, and whoever
 * is always measured second would pay for the first. Milliseconds.
 */
const REST = 300;

/** Milliseconds of a whole run of netdoctor, begun at rest. A verdict other than the one expected is an error. */
export async function byNetdoctor(lab: Lab, expected: Status): Promise<number> {
  await sleep(REST);
  const began = performance.now();
  const { stdout, stderr } = await runNetdoctor(lab, `netns:${lab.names.A}`, ['--to', DESTINATION]);
  const took = performance.now() - began;
  const { status } = JSON.parse(stdout || '{}') as { status?: string };
  if (status !== expected) throw new Error(`netdoctor says ${status}, not ${expected}: ${stderr}`);
  return took;
}

/** Milliseconds of a whole run of the script. */
export async function byHand(lab: Lab, expected: Status): Promise<number> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await lab.run(
    'host',
    [script, lab.namespace('A'), 'vetha', 'br0', 'up0', DESTINATION],
    { reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 30_000 },
  );
  const took = performance.now() - began;
  if ((exitCode === 0) !== (expected === 'healthy'))
    throw new Error(`the script ended with ${exitCode}, and ${expected} was expected: ${stdout}${stderr}`);
  return took;
}

/** Turns forwarding off or on: the fault of the owner's lecture. */
export async function setForwarding(lab: Lab, on: boolean): Promise<void> {
  await lab.run('host', ['sysctl', '-qw', `net.ipv4.ip_forward=${on ? 1 : 0}`]);
}

/** Runs `work` in a lab of its own, which is gone afterwards. */
export async function inLab<T>(build: () => Promise<Lab>, work: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await build();
  try {
    return await work(lab);
  } finally {
    lab.down();
  }
}

/** Runs `work` in two labs, whose hosts are alike as built. */
export const onTwoHosts = <T>(work: (one: Lab, other: Lab) => Promise<T>): Promise<T> =>
  inLab(
    () => Lab.up(),
    (one) =>
      inLab(
        () => Lab.up(),
        (other) => work(one, other),
      ),
  );

/** Runs `work` in a lab with forwarding off; `argv` asks there about the container A. */
export const whileNotForwarding = <T>(
  work: (lab: Lab, argv: readonly [string, ...string[]]) => Promise<T>,
): Promise<T> =>
  inLab(
    () => Lab.up(),
    async (lab) => {
      await setForwarding(lab, false);
      return work(lab, [program, 'diagnose', `netns:${lab.names.A}`, '--to', DESTINATION]);
    },
  );
