/** What `tc -s qdisc show` and `tc -s filter show` print. */
import { plain } from '../../words/text.ts';

export interface Printed {
  readonly text: string;
  readonly drops: number | null;
}

export interface PrintedQdisc extends Printed {
  readonly kind: string;
  readonly dev: string;
  readonly ingress: boolean;
  /** Packets that wait in it: qlen of struct gnet_stats_queue. */
  readonly held: number;
}

/** Entries begin in the first column; statistics and actions are indented below. */
function blocks(text: string, word: string): string[][] {
  const found: string[][] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith(`${word} `)) found.push([line]);
    else if (line.trim() !== '') found.at(-1)?.push(line);
  }
  return found;
}

const STATISTICS = /^\s*(Sent|backlog|rate|Action statistics|Statistics|index|used_hw_stats)\b/;

function printed(lines: readonly string[]): Printed {
  const drops = lines.flatMap((line) => /\(dropped (\d+),/.exec(line)?.[1] ?? []).map(Number);
  return {
    text: plain(
      lines
        .filter((line) => !STATISTICS.test(line))
        .map((line) => line.trim())
        .join(' '),
    ),
    drops: drops.length === 0 ? null : drops.reduce((sum, one) => sum + one, 0),
  };
}

export function parseQdiscs(text: string): PrintedQdisc[] {
  return blocks(text, 'qdisc').flatMap((lines) => {
    const [, kind, dev] = /^qdisc (\S+) \S+ (?:\[\S+\] )?dev (\S+) /.exec(lines[0]!) ?? [];
    if (kind === undefined || dev === undefined) return [];
    const held = Number(lines.flatMap((line) => /^\s*backlog \S+ (\d+)p/.exec(line)?.[1] ?? [])[0] ?? 0);
    return [{ ...printed(lines), kind, dev, ingress: kind === 'ingress' || kind === 'clsact', held }];
  });
}

/** Filters with something in them: the line that only announces a priority and a chain is left out. */
export function parseFilters(text: string): Printed[] {
  return blocks(text, 'filter')
    .filter((lines) => lines.length > 1 || / (handle|fh) /.test(lines[0]!))
    .map(printed);
}
