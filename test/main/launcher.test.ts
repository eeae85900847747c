/** What the launcher takes for granted of the program that it starts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/main/registry.ts';

const launcher = readFileSync(join(import.meta.dirname, '../../bin/netdoctor'), 'utf8');

/** Commands that begin with a probe: the process that listens is started at once. */
const PROBING = ['diagnose', 'watch'];

it('the launcher knows which commands do not begin with a probe', () => {
  const named = /OTHERS =\s*\/\^\(([^)]+)\)\$\//.exec(launcher)?.[1]?.split('|') ?? [];
  const others = commands.map(({ name }) => name).filter((name) => !PROBING.includes(name));
  expect(named.toSorted()).toEqual([...others, 'help'].toSorted());
});
