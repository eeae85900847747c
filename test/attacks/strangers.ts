/** Strangers who pester, and a diagnosis among them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Lab, Step } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';

/** Who pesters, from where: the words of the program `pester` without its seconds. */
export interface Stranger {
  readonly in: Step['in'];
  readonly does: string;
  readonly rate?: number;
}

/** Longer than any test waits; they end by themselves all the same. Seconds. */
const SECONDS = 60;

/** Runs `work` while they pester. */
export async function among<T>(lab: Lab, strangers: readonly Stranger[], work: () => Promise<T>): Promise<T> {
  const pids = await Promise.all(
    strangers.map(({ in: place, does, rate }) =>
      lab.start({ in: place, sh: `exec pester ${rate ? `--rate ${rate}` : ''} ${SECONDS} ${does}` }),
    ),
  );
  // They are programs of Node, and begin when it has.
  await sleep(300);
  try {
    return await work();
  } finally {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}

export interface Asked {
  readonly exitCode: number | undefined;
  readonly seconds: number;
  /** Null where no document came. */
  readonly said: (Diagnosis & { readonly code?: string; readonly message?: string }) | null;
  readonly stderr: string;
}

/** Asks with `--json` on the lab's host, and takes the time. What does not end in a minute is killed. */
export async function asked(
  lab: Lab,
  args: readonly string[],
  target = `netns:${lab.names.A}`,
): Promise<Asked> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await lab.run(
    'host',
    [program, 'diagnose', target, '--json', ...args],
    {
      reject: false,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  );
  const seconds = (performance.now() - began) / 1000;
  return { exitCode, seconds, said: stdout === '' ? null : (JSON.parse(stdout) as Asked['said']), stderr };
}

/** What each sort of stranger does on this lab; `to` is what a diagnosis then asks, where that matters. */
export const SORTS: Readonly<
  Record<string, { readonly who: readonly Stranger[]; readonly to?: readonly string[] }>
> = {
  'another container fills the kernel with drops': {
    who: Array.from({ length: 3 }, () => ({ in: 'B' as const, does: 'udp 127.0.0.1 9' })),
  },
  'the container pings itself': { who: [{ in: 'A', does: 'icmp 127.0.0.1 0' }] },
  'a neighbour pings the container': { who: [{ in: 'B', does: 'icmp 10.88.0.2 8', rate: 20_000 }] },
  'somebody outside pings the host': { who: [{ in: 'LAN', does: 'icmp 192.0.2.1 8', rate: 20_000 }] },
  'the container opens connections to the same port': {
    who: [{ in: 'A', does: 'syn 10.88.0.2 198.51.100.1 80' }],
    to: ['--to', '198.51.100.1:80'],
  },
  'a neighbour asks the segment for addresses': { who: [{ in: 'B', does: 'arp eth0 10.88.0.1' }] },
  'the container repeats its own probe': { who: [{ in: 'A', does: 'replay eth0' }] },
};

/** Gives the container a resolv.conf of its own; the folder is to be removed again. */
export function configureNames(lab: Lab, text: string): string {
  const folder = `/etc/netns/${lab.names.A}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/resolv.conf`, text);
  return folder;
}
