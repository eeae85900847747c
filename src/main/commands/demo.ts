import { Option } from 'commander';
import type { Question as Asked } from '../../demo/fault.ts';
import { bounded } from '../../host/bounded.ts';
import type { Machine } from '../../host/machine.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { jsonText } from '../../output/json.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { textOf } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { canConverse, converse } from '../conversation.ts';
import { called } from '../docker-plugin.ts';
import { json, timeout } from '../options.ts';
import { usualQuestion } from '../question.ts';
import { collect } from '../setup/given.ts';

export default command({
  name: 'demo',
  takes: '[fault-or-recipe]',
  does: 'builds a throwaway container network, breaks it, and shows the diagnosis; demo list names the faults',
  more: `It lives in namespaces of its own, sends nothing outside them, and is gone when it ends, however that is.
Exit code 0: the verdict names the fault that was made.`,
  examples: [
    'netdoctor demo',
    'netdoctor demo list',
    'netdoctor demo forward-policy-drop',
    'netdoctor demo bridge-nat --break ip-forward-off',
  ],
  overdue: 'unasked',
  options: [
    new Option('--break <CAUSE>', 'breaks the network that a recipe of `netdoctor setup` builds'),
    new Option('--set <NAME=VALUE>', 'an answer to the recipe; again for each').argParser(collect),
    timeout(),
    json(),
    new Option('--plain', 'text, and no conversation'),
  ],
  // Its network goes with it.
  patience: 3000,
  async run(context) {
    const { words, options, screen } = context;
    const { FIRST, faultNamed, faults } = await import('../../demo/catalogue.ts');
    const [name = FIRST] = words;
    if (name === 'list') {
      const rows = faults.map(({ id, title }) => [id, title]);
      if (options.json)
        screen.out(
          jsonText({ schema: 'netdoctor/faults/1', faults: faults.map(({ id, title }) => ({ id, title })) }),
        );
      else
        screen.out(
          columnsOf(rows, screen.columns)
            .map((line) => `${line}\n`)
            .join(''),
        );
      return 0;
    }
    const recipe = options.break === undefined ? null : name;
    const fault = faultNamed(recipe === null ? name : String(options.break));
    const given = (options.set ?? new Map()) as ReadonlyMap<string, string>;
    const real = await context.machine(canConverse(context) ? 'quietly' : undefined);
    const { programPatience } = await import('../../engine/deadline.ts');
    // Whoever gives a slow host more time gives it to what builds the network too.
    const machine = bounded(real, context.signal, programPatience(Number(options.timeout)));
    if (recipe !== null) (await import('../../guide/shelf.ts')).recipeNamed(machine, recipe);
    const { enclose, isEnclosed, settleIn } = await import('../../demo/enclosure.ts');
    if (!isEnclosed(machine)) {
      screen.begin();
      const { ownCall } = await import('../../host/package.ts');
      return enclose(machine, [...ownCall(), ...called(process.argv).words]);
    }
    await settleIn(machine);
    const { play } = await import('../../demo/play.ts');
    const stage = { ...voice(context), diagnose: (question: Asked) => ask(question, real, context) };
    if (recipe === null) return play(machine, fault, stage);
    const { built } = await import('../setup/built.ts');
    return play(machine, fault, stage, () => built(recipe, given, machine));
  },
});

/** Paragraphs and lines on standard output; a document stands there alone. */
function voice({ options, screen }: Context) {
  const show = (line: string): void => {
    if (!options.json) screen.out(`${line}\n`);
  };
  return {
    show,
    say: (text: string) => paragraph('', text, screen.columns).map(textOf).forEach(show),
  };
}

/** Asks as `netdoctor diagnose` does: in a conversation on a terminal, else once. */
async function ask(asked: Asked, machine: Machine, context: Context): Promise<Diagnosis | null> {
  const { options, screen, signal } = context;
  const question = { ...usualQuestion(asked), timeout: Number(options.timeout) };
  if (canConverse(context)) {
    return converse({ machine, target: asked.target, defaults: question, options, screen, signal });
  }
  const { tell } = await import('../report.ts');
  const { diagnose } = await import('../../engine/diagnose.ts');
  const as = options.json ? 'json' : 'text';
  const all = options.verbose === true;
  return tell({ screen, signal, as, all, redact: false }, diagnose(machine, question, signal));
}
