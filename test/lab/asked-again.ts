/** A sample scenario asked again in other ways: its saved file judged where none of its network is, and by the other engine. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { askNetdoctor } from './ask-netdoctor.ts';
import { program } from './lab-network.ts';
import { networkOf } from './network.ts';
import { type Answer, type Asker, play } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

const verdictOf = (document: string | undefined) => {
  const { status, cause, between, direction } = JSON.parse(document ?? '{}');
  return { status, cause, between, direction };
};
type Verdict = ReturnType<typeof verdictOf>;

export interface Asked {
  readonly live: Verdict;
  readonly replayed: Verdict;
  /** By libpcap. */
  readonly byCap: Verdict;
}

/** Before the fault, under it, and after the repair. */
export async function askedAgain(scenario: Scenario): Promise<readonly Asked[]> {
  const network = await networkOf(scenario);
  const all: Asked[] = [];
  let files = 0;
  const thrice: Asker = async (on, asked, processId): Promise<Answer> => {
    const file = join(on.lab.folder, `sample-${++files}.pcapng`);
    const saving = { ...asked, args: [...asked.args, '--save', file] };
    const answer = await askNetdoctor(on, saving, processId);
    // What has no verdict has no file.
    if (answer.status === 'failed' || answer.document === undefined) return answer;
    const replayed = await on.lab.run('LAN', [program, 'replay', file, '--json'], {
      reject: false,
      timeout: 60_000,
    });
    rmSync(file);
    const byCap = await askNetdoctor(on, { ...asked, args: [...asked.args, '--engine', 'cap'] }, processId);
    expect(byCap).not.toMatchObject({ status: 'failed' });
    all.push({
      live: verdictOf(answer.document),
      replayed: verdictOf(String(replayed.stdout)),
      byCap: verdictOf(byCap.document),
    });
    return answer;
  };
  try {
    await play(scenario, network, thrice);
  } finally {
    await network.down();
  }
  return all;
}

/** The replay, and the other engine, say what was said live. */
export function expectOneVerdict(all: readonly Asked[]): void {
  expect(all.length).toBeGreaterThan(0);
  for (const { live, replayed, byCap } of all)
    expect({ replayed, byCap }).toEqual({ replayed: live, byCap: live });
}
