// Each sample scenario asked live, by libpcap, and of its file where none of its network is: one verdict.
import { describe, test } from 'vitest';
import { askedAgain, expectOneVerdict } from './asked-again.ts';
import { readScenarios } from './scenario-file.ts';

/** Some of them alone: words of their files. */
const WORDS = process.env.NETDOCTOR_SAMPLES ?? '';
const samples = readScenarios().filter(({ sample, file }) => sample && new RegExp(WORDS).test(file));

describe.concurrent('the replay, and the other engine, say what was said live', () => {
  test.for(samples.map((scenario) => [scenario.file, scenario] as const))('%s', async ([, scenario]) =>
    expectOneVerdict(await askedAgain(scenario)),
  );
});
