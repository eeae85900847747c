/** `netdoctor watch` on a lab's host, as its lines of JSON come. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { watch as schema } from '../../src/output/schema/documents/watch.ts';
import type { Lab } from './lab.ts';
import { program } from './lab-network.ts';

const STREAMS = { reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 60_000 } as const;
/** Seconds that anything may take on a machine with much else to do. */
const PATIENCE = 40;

export type Summary = z.output<typeof schema>;
type Told = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Watched {
  readonly pid: number | undefined;
  /** What was told by now. */
  readonly told: readonly Told[];
  /** When a line came, by the clock of performance.now(). Milliseconds. */
  when(told: Told): number;
  /** Waits until such a line is there; after the one of that index, where it is given. */
  until(holds: (told: Told) => boolean, what: string, after?: number): Promise<Told>;
  /** Ended by Ctrl-C, unless it ends itself. */
  end(signal?: 'SIGINT'): Promise<{ exitCode: number | undefined; summary: Summary; stderr: string }>;
}

/** Begins a watch; resolves when its first probe has come to an end. */
export async function beginWatch(lab: Lab, words: readonly string[]): Promise<Watched> {
  const child = lab.run('host', [program, 'watch', ...words, '--ndjson'], STREAMS);
  const told: Told[] = [];
  const came = new WeakMap<Told, number>();
  let summary: unknown;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const one = JSON.parse(line);
    if (one.type === undefined) summary = one;
    else {
      told.push(one);
      came.set(one, performance.now());
    }
  });
  const over = new Promise((resolve) => lines.on('close', resolve));
  const until = async (holds: (one: Told) => boolean, what: string, after = 0): Promise<Told> => {
    for (const limit = Date.now() + PATIENCE * 1000; ; await sleep(20)) {
      const found = told.slice(after).find(holds);
      if (found) return found;
      if (Date.now() > limit || child.exitCode !== null)
        throw new Error(
          `never told: ${what}\n${told
            .slice(-20)
            .map((one) => JSON.stringify(one))
            .join('\n')}\n${child.exitCode === null ? '' : (await child).stderr}`,
        );
    }
  };
  await until(({ type }) => type === 'probe', 'a probe');
  return {
    pid: child.pid,
    told,
    when: (one) => came.get(one) ?? Number.NaN,
    until,
    async end(signal) {
      if (signal) child.kill(signal);
      const { exitCode, stderr } = await child;
      await over;
      return { exitCode, summary: schema.parse(summary), stderr };
    },
  };
}
