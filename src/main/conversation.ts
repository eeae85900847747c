/** The conversation on a terminal: Ink is loaded from here on, and not before. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Question } from '../model/question.ts';
import type { Context } from './context.ts';
import type { Screen } from './screen.ts';

/**
 * Is somebody there to talk to? Not with a document or plain text asked for, nor with a repair or a file, which are one run. A dumb
 * terminal is talked to in lines.
 */
export function canConverse({ screen, options }: Pick<Context, 'screen' | 'options'>): boolean {
  const { json, ndjson, plain, input, fix, save } = options;
  return screen.interactive && !json && !ndjson && !plain && !fix && !save && input !== false;
}

export interface Talk extends Pick<Context, 'screen' | 'options' | 'signal'> {
  readonly machine: Machine;
  /** Null: a picker asks whom to diagnose. */
  readonly target: string | null;
  readonly defaults: Omit<Question, 'target'>;
}

/** Talks until the person leaves; resolves with the last verdict. @throws the signal's reason */
export async function converse({
  machine,
  target,
  defaults,
  options,
  screen,
  signal,
}: Talk): Promise<Diagnosis | null> {
  const { runTui } = await import('../tui/index.tsx');
  let last: Diagnosis | null = null;
  screen.begin();
  await runTui({
    machine,
    target,
    defaults,
    settings: options.redact ? { redact: 'on' } : {},
    colour: screen.palette === 'colour',
    signal,
    setUp: async (name, stdin) => {
      const [{ wizardOn }, { recipeNamed }] = await Promise.all([
        import('./setup/wizard.ts'),
        import('../guide/shelf.ts'),
      ]);
      const chosen = name === null ? null : recipeNamed(machine, name);
      await wizardOn(
        { chosen, given: new Map(), machine, stdin },
        { words: [], options, screen: asWideNow(screen), signal, machine: async () => machine },
      );
    },
    onDiagnosis: (diagnosis) => {
      last = diagnosis;
    },
  });
  return last;
}

/** The screen as wide as it is now: a conversation outlives many a width. */
const asWideNow = (screen: Screen): Screen => ({
  ...screen,
  columns: process.stdout.columns ?? screen.columns,
});
