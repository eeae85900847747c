import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecipe } from '../../src/guide/lint.ts';
import { verbs } from '../../src/guide/registry.ts';

const folder = join(import.meta.dirname, '../../recipes');

/** A recipe with one part of it changed. */
const recipe = (change: (text: string) => string = (text) => text): string =>
  change(`title: A bridge
why: Because.
picture: |
  br
asks:
  containers: {type: containers, ask: Which?}
  bridge: {type: bridge, ask: Which bridge?, new: true}
  device: {type: device, ask: Which device?, for: [containers], bridge: bridge}
  subnet: {type: subnet, ask: Which network?, bridge: bridge, device: device, for: [containers]}
  addresses: {type: addresses, ask: Which?, for: [containers], in: subnet, device: device}
steps:
  - {do: bridge, name: $bridge, why: A switch.}
  - {do: veth, each: {c: containers}, name: $c.port, to: $c, peer: eth0, why: A cable.}
holds:
  - {from: $x, to: $y.address, each: {x: containers, y: containers}}
`);

const faultsOf = (text: string) => readRecipe('/somewhere/mine.yaml', text).faults;

describe.each(readdirSync(folder))('%s', (file) => {
  const { recipe: read, faults } = readRecipe(file, readFileSync(join(folder, file), 'utf8'));

  it('is a good recipe', () => expect(faults).toEqual([]));

  it('explains every step and proves itself', () => {
    for (const { why } of read!.steps) expect(why.length).toBeGreaterThan(20);
    expect(read!.holds.length).toBeGreaterThan(0);
    expect(read!.why.length).toBeGreaterThan(80);
    expect(read!.title).not.toMatch(/\.$/);
  });
});

it('every verb is used by a recipe or can be asked for by its name', () => {
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  // Only somebody's own recipe renames: ours give an interface its name as they make it.
  for (const name of verbs.keys()) if (name !== 'rename') expect(text).toContain(`do: ${name}`);
});

it('the example that the page shows is a good recipe', () => {
  const file = join(import.meta.dirname, '../../docs/second-network.yaml');
  expect(readRecipe(file, readFileSync(file, 'utf8')).faults).toEqual([]);
});

describe('a recipe', () => {
  it('takes its name from its file', () => {
    expect(readRecipe('/somewhere/mine.yaml', recipe()).recipe?.name).toBe('mine');
  });

  it.each([
    ['is no YAML', (text: string) => `${text}\n  - [`, /^line \d+: /],
    ['lacks a part', (text: string) => text.replace('why: Because.\n', ''), /^why: /],
    ['has one too many', (text: string) => `${text}extra: 1\n`, /extra/],
    [
      'has a verb that nobody knows',
      (text: string) => text.replace('do: bridge', 'do: brigde'),
      /steps\.0\.do/,
    ],
    ['lacks a parameter', (text: string) => text.replace(', peer: eth0', ''), /steps\.1\.peer/],
    [
      'has a parameter too many',
      (text: string) => text.replace('peer: eth0', 'peer: eth0, colour: red'),
      /colour/,
    ],
    [
      'asks in a way that nobody knows',
      (text: string) => text.replace('type: bridge', 'type: brigde'),
      /asks\.bridge/,
    ],
    [
      'speaks of what it never asked',
      (text: string) => text.replace('$bridge', '$brigde'),
      /"brigde", which no question/,
    ],
    [
      'loops over what it never asked',
      (text: string) => text.replace('c: containers}', 'c: cats}'),
      /"cats"/,
    ],
    [
      'has a condition on nothing',
      (text: string) => text.replace('do: bridge,', 'do: bridge, when: mood=good,'),
      /"mood"/,
    ],
    [
      'asks in the wrong order',
      (text: string) =>
        text.replace('  containers:', '  other: {type: subnet, ask: Which?, bridge: bridge}\n  containers:'),
      /"bridge", which is not asked before/,
    ],
    [
      'speaks of a part that its answer does not have',
      (text: string) => text.replace('name: $bridge', 'name: $subnet.gatewy'),
      /^steps\.0: "subnet" has no part "gatewy": it has gateway, prefix, network$/,
    ],
    [
      'speaks of a part that no question adds',
      (text: string) => text.replace(/\n {2}addresses: .*/, ''),
      /^holds\.0: "y" has no part "address": it has label, port$/,
    ],
    [
      'names a question badly',
      (text: string) => text.replace('  bridge: {', '  The-Bridge: {'),
      /The-Bridge/,
    ],
  ])('that %s is told where', (_, change, words) => {
    const { recipe: read, faults } = readRecipe('x.yaml', recipe(change));
    expect(read).toBeNull();
    expect(faults.join('\n')).toMatch(words);
  });

  it('tells all that is wrong, not only the first', () => {
    expect(
      faultsOf(recipe((text) => text.replace('why: Because.\n', '').replace(', peer: eth0', ''))),
    ).toHaveLength(2);
  });
});
