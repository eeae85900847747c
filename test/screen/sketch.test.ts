import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecipe } from '../../src/guide/lint.ts';
import { widthOf } from '../../src/output/line/width.ts';
import { sketchOf } from '../../src/tui/wizard/sketch.ts';

const folder = join(import.meta.dirname, '../../recipes');
const recipeOf = (name: string) =>
  readRecipe(`${name}.yaml`, readFileSync(join(folder, `${name}.yaml`), 'utf8')).recipe!;

it('puts usual values in the place of answers, and names where there are none', () => {
  expect(sketchOf(recipeOf('attach-docker0'), false)).toEqual([
    'container eth0 ─ docker0 gateway ─ host ─ outside',
  ]);
});

it('keeps the lines below where they belong', () => {
  const [first = '', second = ''] = sketchOf(recipeOf('bridge-nat'), false);
  expect(first).toBe('containers  ─┬─ br-nat gateway ─ host ─ uplink ─ outside');
  expect(second.indexOf('┘')).toBe(first.indexOf('┬'));
});

describe.each(readdirSync(folder).map((file) => [file.replace('.yaml', '')] as const))('%s', (name) => {
  it('leaves nothing unanswered, and fits a screen', () => {
    const lines = sketchOf(recipeOf(name), false);
    expect(lines.join('\n')).not.toMatch(/[${}]/);
    for (const line of lines) expect(widthOf(line), line).toBeLessThan(78);
  });

  it('can be drawn in ASCII', () => {
    expect(sketchOf(recipeOf(name), true).join('\n')).toMatch(/^[ -~\n]*$/);
  });
});
