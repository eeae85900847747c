/**
 * The path, from the source outwards:
 *
 *   ✓ eth0         container   172.17.0.2/16     3 sent      0 back
 *   ✗ forwarding   kernel      ip_forward = 0    3 dropped   IP_INADDRERRORS at ip_error
 */
import { destination, type Flow } from '../../model/flow.ts';
import type { Hop } from '../../model/path.ts';
import { named, plain } from '../../words/text.ts';
import type { Glyphs, Mark } from '../glyphs.ts';
import { type Line, type Span, span, type Tone, textOf } from '../line/span.ts';
import { cell, cut, lineWidth, widthOf } from '../line/width.ts';
import { paragraph } from '../line/wrap.ts';
import type { Run } from '../run.ts';
import type { PathRow } from './path-row.ts';
import { pathRows } from './path-rows.ts';

const TONES: Record<Mark, Tone> = { good: 'good', bad: 'bad', unsure: 'warn', idle: 'dim' };
const COLUMNS = ['name', 'label', 'about', 'out', 'back'] as const;
const WIDEST = { name: 20, label: 12, about: 32, out: 12, back: 48 };
const INDENT = 4;
const BETWEEN = 3;

/** Columns that give way when the screen is narrow, the least needed first. */
const GIVE_WAY = ['about', 'label'] as const;

type Column = (typeof COLUMNS)[number];

function widths(rows: readonly PathRow[], columns: number): Map<Column, number> {
  const wanted = new Map<Column, number>();
  const hops = rows.filter(({ hop }) => hop !== null);
  const labelled = rows.filter(({ label }) => label !== '');
  for (const column of COLUMNS) {
    // An IPv6 destination or a gap's sentence would push every column to the right.
    const measured = column === 'back' ? hops : labelled;
    const widest = Math.max(0, ...measured.map((path) => widthOf(path[column])));
    if (widest > 0) wanted.set(column, Math.min(widest, WIDEST[column]));
  }
  const total = () => INDENT + [...wanted.values()].reduce((sum, width) => sum + BETWEEN + width, -BETWEEN);
  for (const column of GIVE_WAY) if (total() > columns) wanted.delete(column);
  const name = wanted.get('name');
  if (name !== undefined && total() > columns) wanted.set('name', Math.max(4, name - (total() - columns)));
  return wanted;
}

function draw(
  path: PathRow,
  widest: ReadonlyMap<Column, number>,
  glyphs: Glyphs,
  columns: number,
  focus: string | null,
): Line[] {
  const spans: Span[] = [span('  '), span(glyphs[path.mark], TONES[path.mark]), span(' ')];
  const last = COLUMNS.findLast((column) => path[column] !== '' && widest.has(column));
  for (const [column, width] of widest) {
    if (column === 'label' && path.label === '') continue;
    const wider = column === 'name' && path.label === '' ? unlabelled(path, width, widest) : width;
    const tone = column === 'name' ? nameTone(path, focus) : column === 'about' ? 'dim' : 'plain';
    const text = column === last ? path[column] : cell(path[column], wider, glyphs.more);
    spans.push(span(text, tone), span(' '.repeat(BETWEEN)));
  }
  const whole = trimmed(spans);
  if (path.hop !== null) return [cut(whole, columns, glyphs.more)];
  // Not half a reason in this row and the whole of it in the next.
  const halved = last === 'back' && lineWidth(whole) > columns;
  const line = cut(halved ? trimmed(spans.slice(0, -2)) : whole, columns, glyphs.more);
  return [line, ...whatIsMissing(path, line, columns)];
}

const nameTone = ({ mark, hop }: PathRow, focus: string | null): Tone =>
  mark === 'bad' ? 'bad' : hop !== null && hop === focus ? 'strong' : 'plain';

/** A name without a label beside it takes the label's room too, and more where it needs it. */
const unlabelled = ({ name }: PathRow, width: number, widest: ReadonlyMap<Column, number>): number =>
  Math.max(width + BETWEEN + (widest.get('label') ?? -BETWEEN), widthOf(name));

/** The row of the stop is the point of the picture: what did not fit into it follows below, in full. */
function whatIsMissing(path: PathRow, line: Line, columns: number): Line[] {
  const shown = textOf(line);
  const missing = [path.about, path.back].filter((text) => !shown.includes(text));
  return missing.flatMap((text) => paragraph(' '.repeat(INDENT), text, columns, 'dim'));
}

function trimmed(spans: readonly Span[]): Line {
  const kept = [...spans];
  while (kept.length > 0 && kept.at(-1)!.text.trim() === '') kept.pop();
  const last = kept.at(-1);
  return last ? [...kept.slice(0, -1), span(last.text.trimEnd(), last.tone)] : kept;
}

/** The rows of the path, fitted to the screen's width; the hop of the id `focus` stands out. */
export function pathLines(run: Run, columns: number, glyphs: Glyphs, focus: string | null = null): Line[] {
  const rows = pathRows(run);
  const widest = widths(rows, columns);
  return rows.flatMap((path) => draw(path, widest, glyphs, columns, focus));
}

const sourceOf = ({ from, source }: Pick<Flow, 'from' | 'source'>): string =>
  from === 'host' ? 'this host' : from === 'outside' ? 'outside' : plain(source ?? 'another container');

/** An address of the host's choice may be nobody's of the target. */
const inTarget = ({ where }: Pick<Hop, 'where'>): boolean => where === 'container';

/** `web → 198.51.100.1   icmp   docker 28.2, network "bridge"`. */
export function titleLine(run: Run, columns: number, glyphs: Glyphs): Line {
  const target = run.target ?? run.diagnosis?.target;
  const flow = run.flow ?? run.diagnosis?.flow;
  if (!target) return [];
  const about = run.target ? run.target.about : target.runtime;
  const name = named(target.name);
  if (!flow) return cut([span(name, 'strong'), span(`   ${plain(about)}`, 'dim')], columns, glyphs.more);
  const far = plain(destination(flow));
  const isMeant = flow.from !== 'host' || run.path === null || run.path.hops.some(inTarget);
  const [left, right] =
    flow.from === 'container' ? [name, far] : [sourceOf(flow), isMeant ? `${name} (${far})` : far];
  const title = [span(left, 'strong'), span(` ${glyphs.arrow} `, 'dim'), span(right, 'strong')];
  if (/^[a-z]/i.test(flow.to) && flow.to !== flow.address) title.push(span(`   ${plain(flow.to)}`));
  title.push(span(`   ${flow.proto}`));
  // Half a word of what kind of target it is tells nobody anything.
  const whole = [...title, span(`   ${plain(about)}`, 'dim')];
  return lineWidth(whole) <= columns ? whole : cut(title, columns, glyphs.more);
}
