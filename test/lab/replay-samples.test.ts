// Each sample scenario asked with --save, and the file judged again where none of its network is: the same verdict.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askNetdoctor } from './ask-netdoctor.ts';
import { program } from './lab-network.ts';
import { networkOf } from './network.ts';
import { type Answer, type Asker, play } from './scenario.ts';
import { readScenarios } from './scenario-file.ts';

/** Some of them alone: words of their files. */
const WORDS = process.env.NETDOCTOR_SAMPLES ?? '';
const samples = readScenarios().filter(({ sample, file }) => sample && new RegExp(WORDS).test(file));

const verdict = (document: string | undefined) => {
  const { status, cause, between, direction } = JSON.parse(document ?? '{}');
  return { status, cause, between, direction };
};

describe.concurrent('the replay says what was said live', () => {
  test.for(samples.map((scenario) => [scenario.file, scenario] as const))('%s', async ([, scenario]) => {
    const network = await networkOf(scenario);
    const pairs: { live: unknown; replayed: unknown }[] = [];
    let files = 0;
    /** Asked live, and then its file. */
    const twice: Asker = async (on, asked, processId): Promise<Answer> => {
      const file = join(on.lab.folder, `sample-${++files}.pcapng`);
      const answer = await askNetdoctor(on, { ...asked, args: [...asked.args, '--save', file] }, processId);
      // What has no verdict has no file.
      if (answer.status === 'failed' || answer.document === undefined) return answer;
      const replayed = await on.lab.run('LAN', [program, 'replay', file, '--json'], {
        reject: false,
        timeout: 60_000,
      });
      pairs.push({ live: verdict(answer.document), replayed: verdict(String(replayed.stdout)) });
      rmSync(file);
      return answer;
    };
    try {
      await play(scenario, network, twice);
      expect(pairs.length).toBeGreaterThan(0);
      for (const { live, replayed } of pairs) expect(replayed).toEqual(live);
    } finally {
      await network.down();
    }
  });
});
