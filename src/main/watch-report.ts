/** A watch told where nobody sits in front of it: as lines, as lines of JSON, or as one document. */
import type { Machine } from '../host/machine.ts';
import { jsonLine, jsonText } from '../output/json.ts';
import { paintAll } from '../output/line/paint.ts';
import { alarmsOf, type Wanted } from '../watch/alarms.ts';
import { windowsOf } from '../watch/controls.ts';
import { Ledger } from '../watch/ledger.ts';
import { eventLine } from '../watch/ndjson.ts';
import type { Ended, WatchEvent, WatchQuestion } from '../watch/question.ts';
import { watch } from '../watch/run.ts';
import { summaryOf } from '../watch/summary.ts';
import { endLines } from '../watch/text/end.ts';
import { beginningText, Lines } from '../watch/text/lines.ts';
import type { Screen } from './screen.ts';

export interface Reported {
  readonly machine: Machine;
  readonly asked: WatchQuestion;
  readonly wanted: Wanted;
  /** `drawn`: somebody sits in front of it. */
  readonly as: 'text' | 'json' | 'ndjson' | 'drawn';
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Resolves with the exit code. @throws Failure */
export async function reportWatch(reported: Reported): Promise<number> {
  const { machine, asked, wanted, as, screen, signal } = reported;
  const ledger = new Ledger(Math.max(...windowsOf(asked.window)), asked.interval);
  const lines = new Lines(screen.glyphs);
  const from = Date.now();
  const tell = (event: WatchEvent): void => {
    if (as === 'text' && event.type === 'watching' && ledger.course === null)
      screen.err(beginningText(event, asked.interval));
    ledger.take(event);
    const text = as === 'ndjson' ? eventLine(event, ledger.course) : as === 'text' ? lines.take(event) : '';
    if (text) screen.out(text);
  };
  const ended = await (as === 'drawn' ? drawn(reported, ledger, tell) : watch(machine, asked, tell, signal));
  const until = Date.now();
  const alarms = alarmsOf(ledger, wanted);
  if (as === 'text' || as === 'drawn')
    screen.out(
      `${lines.end()}${paintAll(endLines(ledger, ended, { ...asked, ...screen }), screen.palette)}\n`,
    );
  else
    screen.out(
      (as === 'json' ? jsonText : jsonLine)(summaryOf(ledger, asked, ended, { from, until }, alarms)),
    );
  // An interrupted one has something to say too.
  await screen.flushed(AbortSignal.timeout(1000));
  return alarms.length > 0 ? 1 : 0;
}

async function drawn(
  { machine, asked, screen, signal }: Reported,
  ledger: Ledger,
  tell: (event: WatchEvent) => void,
): Promise<Ended> {
  const { drawWatch } = await import('../tui/watch/index.ts');
  const enough = new AbortController();
  screen.begin();
  const stop = await drawWatch({
    ...{ ledger, interval: asked.interval, window: asked.window },
    ...{ glyphs: screen.glyphs, palette: screen.palette, env: machine.env },
    terminal: { stdin: process.stdin, stdout: process.stdout },
    onEnd: () => enough.abort(),
  });
  try {
    return await watch(machine, asked, tell, AbortSignal.any([signal, enough.signal]));
  } finally {
    await stop();
  }
}
