/** A row of small bars: the last packets on one leg, as long as they took there, and where they were lost. */
import type { Glyphs } from '../../output/glyphs.ts';
import { type Line, type Span, span } from '../../output/line/span.ts';
import { legOf } from '../measured.ts';
import type { Glance } from '../recent.ts';

const BARS = { unicode: '▁▂▃▄▅▆▇█', ascii: '_.-=+*%#' } as const;
/** The highest bar stands for a delay that so many of a hundred do not exceed: one that is far longer would flatten all. */
const HIGH = 0.95;

/** The oldest first; `·` never came so far, `✗` was lost here. */
export function sparkOf(glances: readonly Glance[], leg: number, glyphs: Glyphs): Line {
  const took = glances.map(({ legs }) => timeOn(legs.delay, leg));
  const known = took.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const [least = 0, most = 0] = [known[0], known[Math.floor(known.length * HIGH)] ?? known.at(-1)];
  const bars = glyphs.ascii ? BARS.ascii : BARS.unicode;
  const spans: Span[] = glances.map(({ legs }, index) => {
    if (legs.lost !== null && legOf(legs.lost) === leg) return span(glyphs.bad, 'bad');
    const time = took[index]!;
    if (Number.isNaN(time)) return span(legs.tried.request[leg] ? '-' : glyphs.idle, 'dim');
    const part = most > least ? (time - least) / (most - least) : 0;
    const height = Math.min(bars.length - 1, Math.max(0, Math.round(part * (bars.length - 1))));
    return span(bars[height]!, time > most ? 'warn' : 'good');
  });
  return joined(spans);
}

/** There and back; one way alone where the other was not seen. */
function timeOn({ request, reply }: Glance['legs']['delay'], leg: number): number {
  const [out = Number.NaN, back = Number.NaN] = [request[leg], reply[leg]];
  return Number.isNaN(back) ? out : Number.isNaN(out) ? back : out + back;
}

/** Neighbours of one tone are one stretch. */
function joined(spans: readonly Span[]): Line {
  const line: Span[] = [];
  for (const one of spans) {
    const last = line.at(-1);
    if (last?.tone === one.tone) line[line.length - 1] = span(last.text + one.text, one.tone);
    else line.push(one);
  }
  return line;
}
