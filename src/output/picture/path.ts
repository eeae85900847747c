/**
 * The path, from the container outwards:
 *
 *   ✓ eth0         container   172.17.0.2/16     3 sent      0 back
 *   ✗ forwarding   kernel      ip_forward = 0    3 dropped   IP_INADDRERRORS at ip_error
 */
import { destination } from '../../model/flow.ts';
import { plain } from '../../model/words.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, row, type Span, span, type Tone } from '../line/span.ts';
import { cell, cut, widthOf } from '../line/width.ts';
import type { Run } from '../run.ts';
import { type Mark, type PathRow, pathRows } from './path-rows.ts';

const TONES: Record<Mark, Tone> = { good: 'good', bad: 'bad', unsure: 'warn', idle: 'dim' };
const COLUMNS = ['name', 'label', 'about', 'out', 'back'] as const;
const WIDEST = { name: 20, label: 12, about: 32, out: 12, back: 48 };

/** Columns that give way when the screen is narrow, the least needed first. */
const GIVE_WAY = ['about', 'label'] as const;

type Column = (typeof COLUMNS)[number];

function widths(rows: readonly PathRow[], columns: number): Map<Column, number> {
  const wanted = new Map<Column, number>();
  for (const column of COLUMNS) {
    // Only interfaces decide the name column: an IPv6 destination would push everything to the right.
    const measured = column === 'name' ? rows.filter(({ hop }) => hop !== null) : rows;
    const widest = Math.max(0, ...measured.map((path) => widthOf(path[column])));
    if (widest > 0) wanted.set(column, Math.min(widest, WIDEST[column]));
  }
  const counters = Math.max(0, ...rows.filter(({ hop }) => hop !== null).map(({ back }) => widthOf(back)));
  const total = () =>
    4 + [...wanted].reduce((sum, [column, width]) => sum + 2 + (column === 'back' ? counters : width), -2);
  for (const column of GIVE_WAY) if (total() > columns) wanted.delete(column);
  const name = wanted.get('name');
  if (name !== undefined && total() > columns) wanted.set('name', Math.max(4, name - (total() - columns)));
  return wanted;
}

function draw(path: PathRow, widest: ReadonlyMap<Column, number>, glyphs: Glyphs, columns: number): Line {
  const spans: Span[] = [span('  '), span(glyphs[path.mark], TONES[path.mark]), span(' ')];
  const shown = [...widest.keys()].filter((column) => path[column] !== '');
  for (const [column, width] of widest) {
    if (column === 'label' && path.label === '') continue;
    // What is no interface has no label: its name takes that column too, and a last text takes what is left.
    const wide = column === 'name' && path.label === '' ? width + 2 + (widest.get('label') ?? -2) : width;
    const text = column === shown.at(-1) ? path[column] : cell(path[column], wide, glyphs.more);
    const tone = column === 'name' && path.mark === 'bad' ? 'bad' : column === 'about' ? 'dim' : 'plain';
    spans.push(span(text, tone), span('  '));
  }
  return cut(trimmed(spans), columns, glyphs.more);
}

function trimmed(spans: readonly Span[]): Line {
  const kept = [...spans];
  while (kept.length > 0 && kept.at(-1)!.text.trim() === '') kept.pop();
  const last = kept.at(-1);
  return last ? [...kept.slice(0, -1), span(last.text.trimEnd(), last.tone)] : kept;
}

/** The rows of the path, cut to the screen's width. */
export function pathLines(run: Run, columns: number, glyphs: Glyphs): Line[] {
  const rows = pathRows(run);
  const widest = widths(rows, columns);
  return rows.map((path) => draw(path, widest, glyphs, columns));
}

/** `web → 198.51.100.1   icmp   docker 28.2, network "bridge"`. */
export function titleLine(run: Run, columns: number, glyphs: Glyphs): Line {
  const { target, flow } = run;
  if (target === null) return [];
  const name = plain(target.name);
  const title: Span[] = [span(name, 'strong')];
  if (flow !== null) {
    const far = plain(destination(flow));
    const [left, right] =
      flow.from === 'container' ? [name, far] : [flow.from === 'host' ? 'this host' : plain(flow.from), far];
    title[0] = span(left, 'strong');
    title.push(span(` ${glyphs.arrow} `, 'dim'), span(right, 'strong'), span(`   ${flow.proto}`));
    if (flow.to !== flow.address && flow.to !== '') title.push(span(`   ${plain(flow.to)}`, 'dim'));
  }
  title.push(span(`   ${plain(target.about)}`, 'dim'));
  return cut(title, columns, glyphs.more);
}

/** A placeholder row while nothing is known yet. */
export const lookingLine = (name: string): Line => row(`Looking for ${plain(name)}`, 'dim');
