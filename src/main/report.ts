/** One run without a conversation: events in, text or documents out, and the exit code. */
import { diagnose } from '../engine/diagnose.ts';
import { settledFlow } from '../engine/settled-flow.ts';
import type { Machine } from '../host/machine.ts';
import { again } from '../model/again.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { Question } from '../model/question.ts';
import { exitCode } from '../output/exit-code.ts';
import { jsonText } from '../output/json.ts';
import { eventLine } from '../output/ndjson.ts';
import { published } from '../output/published.ts';
import { redactor } from '../output/redact.ts';
import { follow, newRun } from '../output/run.ts';
import { textOfRun, titleOfRun } from '../output/text.ts';
import { untilAborted } from './abort.ts';
import type { FixWish } from './fix-options.ts';
import type { Screen } from './screen.ts';

/** Milliseconds of waiting after which people want to know what for. */
const LONG = 2500;

export interface Report {
  readonly machine: Machine;
  readonly question: Question;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly as: 'text' | 'json' | 'ndjson';
  /** Everything that was seen, not only what decided. */
  readonly all: boolean;
  readonly redact: boolean;
  /** What is to be mended, and how; null: nothing. */
  readonly wish?: FixWish | null;
  /** Milliseconds since the call began. */
  readonly spent?: (() => number) | undefined;
  /** Hears every event first. */
  readonly learn?: (event: Event) => void;
}

/** Asks, tells, and resolves with the exit code. @throws Failure, or the reason of the signal */
export async function report(asked: Report): Promise<number> {
  const { machine, question, signal, wish, screen, as } = asked;
  const ask = (wanted: Question, spent = 0): AsyncIterable<Event> => diagnose(machine, wanted, signal, spent);
  // Whoever said how long it may take counts from the call: on a busy machine the program's own start is part of it.
  const first = (): AsyncIterable<Event> => ask(question, asked.spent?.());
  if (!wish) return exitCode(await tell(asked, first()));
  const { mend } = await import('./mend.ts');
  const say = (text: string): void => (as === 'text' ? screen.out(text) : screen.err(text));
  let end: Diagnosis | undefined;
  const repaired = async (diagnosis: Diagnosis): Promise<Diagnosis> => {
    const { repairs, last } = await mend(diagnosis, {
      machine,
      wish,
      signal,
      again: () => ask(again(question, diagnosis)),
      say,
    });
    end = last;
    return { ...diagnosis, repairs };
  };
  // A person reads what was found before it is mended; a document says both at its end.
  const told = await tell(asked, as === 'text' ? first() : withRepairs(first(), repaired));
  if (as === 'text') await repaired(told);
  return exitCode(end ?? told);
}

/** The same events, the diagnosis with what was repaired. */
async function* withRepairs(
  events: AsyncIterable<Event>,
  repaired: (diagnosis: Diagnosis) => Promise<Diagnosis>,
): AsyncGenerator<Event> {
  for await (const event of events)
    yield event.type === 'diagnosis' ? { ...event, diagnosis: await repaired(event.diagnosis) } : event;
}

/** Tells the events of one run as they come, and hands back its end. */
export async function tell(
  {
    question,
    screen,
    signal,
    as,
    all,
    redact,
    learn,
  }: Omit<Report, 'machine' | 'question'> & Partial<Pick<Report, 'question'>>,
  events: AsyncIterable<Event>,
): Promise<Diagnosis> {
  const shown = redact ? redactor() : (event: Event) => event;
  let run = newRun;
  /** What of the text is written already: people and their tools see at once what is asked. */
  let begun = '';
  for await (const event of untilAborted(events, signal)) {
    learn?.(event);
    const told = shown(event);
    run = follow(run, told);
    const settled =
      as === 'text' && question && event.type === 'target' && settledFlow(question, event.target);
    if (settled) {
      begun = titleOfRun(follow(run, shown({ type: 'flow', flow: settled })), screen);
      screen.out(begun);
    }
    if (as === 'ndjson') {
      screen.out(eventLine(told));
      await screen.ready(signal);
    }
    // Somebody has to do something meanwhile, wherever the document goes.
    if (told.type === 'waiting' && told.milliseconds >= LONG)
      screen.err(`Waiting for ${told.what} (${Math.round(told.milliseconds / 1000)} s at most)\n`);
  }
  if (run.diagnosis === null) throw new Error('the run ended without a diagnosis');
  if (as === 'json') screen.out(jsonText(published(run.diagnosis)));
  if (as === 'text') screen.out(textOfRun(run, { ...screen, all }).slice(begun.length));
  return run.diagnosis;
}
