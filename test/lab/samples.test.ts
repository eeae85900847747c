// One of the samples asked live, by libpcap, and of its file elsewhere, before its fault, under it and after its repair:
// npm run exam:suites asks all of them so.
import { test } from 'vitest';
import { askedAgain, expectOneVerdict } from './asked-again.ts';
import { readScenarios } from './scenario-file.ts';

const samples = readScenarios().filter(({ file }) => file === 'd01-firewall-rule-drop');

test.for(samples.map((scenario) => [scenario.file, scenario] as const))('%s', async ([, scenario]) =>
  expectOneVerdict(await askedAgain(scenario)),
);
