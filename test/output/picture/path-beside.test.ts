import { describe, expect, test } from 'vitest';
import { unicode } from '../../../src/output/glyphs.ts';
import { textOf } from '../../../src/output/line/span.ts';
import { widthOf } from '../../../src/output/line/width.ts';
import { pathLines } from '../../../src/output/picture/path.ts';
import { hopInFocus, pathBeside, WIDE } from '../../../src/output/picture/path-beside.ts';
import { follow, newRun, type Run } from '../../../src/output/run.ts';
import { healthyStory, story } from '../../repl/fixture/forwarding-off.ts';

const after = (events: typeof story): Run => events.reduce(follow, newRun);
const done = after(story);
const rows = (run: Run, columns: number): string[] => pathBeside(run, columns, unicode).map(textOf);

describe('the hop in focus', () => {
  test('is the last that saw what is lost', () => {
    expect(hopInFocus(done)?.id).toBe('host/docker0');
  });

  test('is the furthest that a request has come, and never goes back while it runs', () => {
    const seen = healthyStory.map((_, index) => hopInFocus(after(healthyStory.slice(0, index + 1)))?.id);
    const hops = done.path!.hops.map(({ id }) => id);
    const places = seen.filter((id) => id !== undefined).map((id) => hops.indexOf(id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(hops.length - 1);
  });

  test('is none before there is a path', () => {
    expect(hopInFocus(newRun)).toBeUndefined();
    expect(pathBeside(newRun, 200, unicode)).toEqual([]);
  });
});

describe('beside the path', () => {
  test('stands the hop where there is room, and the path keeps its words', () => {
    const wide = rows(done, WIDE);
    expect(wide[0]).toMatch(/^ {2}✓ eth0 .* host\/docker0$/);
    expect(wide.join('\n')).toContain('IP_INADDRERRORS at ip_error');
    expect(wide.every((text) => widthOf(text) <= WIDE)).toBe(true);
    const column = wide[0]!.indexOf('host/docker0');
    expect(wide.slice(1).every((text) => text.length <= column || /^ {2}/.test(text.slice(column)))).toBe(
      true,
    );
  });

  test('the hop that is told stands out in the path, and no other', () => {
    const strong = pathBeside(done, WIDE, unicode).map((line) =>
      line.find(({ tone }, index) => tone === 'strong' && index < 4)?.text.trim(),
    );
    expect(strong.filter((name) => name !== undefined && !name.includes('/'))).toEqual(['docker0']);
  });

  test('stands nothing on a narrower screen', () => {
    expect(rows(done, WIDE - 1)).toEqual(pathLines(done, WIDE - 1, unicode).map(textOf));
  });
});
