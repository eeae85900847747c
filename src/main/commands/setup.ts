import { Option } from 'commander';
import type { Machine } from '../../host/machine.ts';
import { wrongCall } from '../../model/failure.ts';
import { jsonText } from '../../output/json.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { plain, shellLine } from '../../words/text.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { canConverse } from '../conversation.ts';
import { json } from '../options.ts';
import { collect } from '../setup/given.ts';

export default command({
  name: 'setup',
  takes: '[recipe] [file]',
  does: 'builds a container network step by step, and explains it',
  more: `On a terminal it asks, shows each step, and runs it when told. \`setup list\` shows the recipes; \`setup lint FILE\` says
what is wrong with a recipe of one's own. Everything is in the journal: \`netdoctor undo\` takes a whole recipe down.`,
  examples: [
    'netdoctor setup                                                   asks which recipe',
    'netdoctor setup bridge-nat --set containers=red,blue --yes        asks nothing',
    'netdoctor setup bridge-nat --set containers=new:red --dry-run     a shell script that does the same',
    'netdoctor setup list',
  ],
  overdue: 'settled',
  options: [
    new Option('--set <NAME=VALUE>', 'an answer; again for each').argParser(collect),
    new Option('--recipe <FILE>', 'a recipe of your own'),
    new Option('--yes', 'asks nothing and does it'),
    new Option('--dry-run', 'prints a shell script that does the same by hand, and changes nothing'),
    new Option('--read-only', 'refuses everything but --dry-run'),
    json(),
    new Option('--plain', 'text, and no wizard'),
  ],
  // A recipe has dozens of commands to take back, and a busy machine is slow.
  patience: 60_000,
  async run(context) {
    const { words, options } = context;
    const [name, file] = words;
    if (name === 'list' && options.recipe === undefined) return list(context);
    if (name === 'lint' && options.recipe === undefined) return lint(context, file);
    if (file !== undefined)
      throw wrongCall('too-many-words', `"${plain(file)}" is one word too many.`, 'netdoctor setup --help');
    if (options.readOnly && !options.dryRun)
      throw wrongCall(
        'read-only',
        '--read-only changes nothing.',
        'Add --dry-run to see what would be done.',
      );
    const wizard = canConverse(context) && !options.yes && !options.dryRun;
    if (name === undefined && options.recipe === undefined && !wizard)
      throw wrongCall('no-recipe', 'No recipe is named.', 'netdoctor setup list shows what there is.');
    const machine = await context.machine(wizard ? 'quietly' : undefined);
    const { recipeIn, recipeNamed } = await import('../../guide/shelf.ts');
    const chosen =
      options.recipe !== undefined
        ? {
            recipe: recipeIn(machine, String(options.recipe)),
            own: false,
            file: String(options.recipe),
          }
        : name === undefined
          ? null
          : recipeNamed(machine, name);
    if (chosen && !chosen.own) context.screen.err(`${ownerLine(machine, chosen.file)}\n`);
    const given = (options.set ?? new Map()) as ReadonlyMap<string, string>;
    if (wizard) {
      const { wizardOn } = await import('../setup/wizard.ts');
      return wizardOn({ chosen, given, machine }, context);
    }
    const { setUp } = await import('../setup/plain.ts');
    return setUp({ ...chosen!, given, machine }, context);
  },
});

/** Whose recipe it is, where it is none of netdoctor's own. */
function ownerLine(machine: Machine, file: string): string {
  const found = machine.identity(file);
  const whose = found.known
    ? ` belongs to ${found.value.owner === 0 ? 'root' : `user ${found.value.owner}`}`
    : '';
  return `This recipe is not one of netdoctor's own: ${plain(file)}${whose}.`;
}

async function list({ screen, options, machine }: Context): Promise<number> {
  const { offeredRecipes } = await import('../../guide/shelf.ts');
  const rows = offeredRecipes(await machine()).map(({ recipe, fault, ...one }) => ({
    ...one,
    title: recipe?.title ?? fault ?? '',
  }));
  if (options.json) screen.out(jsonText({ schema: 'netdoctor/recipes/1', recipes: rows }));
  else {
    const lines = columnsOf(
      rows.map(({ name, title }) => [name, title]),
      screen.columns,
    );
    for (const line of lines) screen.out(`${line}\n`);
  }
  return 0;
}

async function lint({ screen, options, machine }: Context, file: string | undefined): Promise<number> {
  if (file === undefined) throw wrongCall('no-file', 'No file is named.', 'netdoctor setup lint FILE');
  const { readRecipe } = await import('../../guide/lint.ts');
  const text = (await machine()).readForeign(file, { trusted: true });
  if (!text.known)
    throw wrongCall(
      'no-such-file',
      `${plain(file)} cannot be read: ${text.detail}`,
      shellLine(['ls', '-l', file]),
    );
  const { faults } = readRecipe(file, text.value);
  if (options.json) screen.out(jsonText({ schema: 'netdoctor/lint/1', file, faults }));
  else if (faults.length === 0) screen.out(`${plain(file)} is a good recipe.\n`);
  else for (const fault of faults) screen.out(`${plain(file)}: ${plain(fault)}\n`);
  return faults.length === 0 ? 0 : 1;
}
