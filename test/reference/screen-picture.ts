/** docs/screen.svg: a recorded diagnosis, asked again of the recording, as the conversation draws it on a terminal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromText } from '../../src/host/record/recording.ts';
import { replayer } from '../../src/host/replayer.ts';
import { parseArguments } from '../../src/main/arguments.ts';
import { questionOf } from '../../src/main/question.ts';
import { commands } from '../../src/main/registry.ts';
import { runTui } from '../../src/tui/index.tsx';
import { fakeTerminal, until } from '../screen/terminal.ts';
import { svgOf } from './svg.ts';

const RECORDING = join(import.meta.dirname, '../recordings/runs/ip-forward-off.json');
const COLUMNS = 92;
const ROWS = 30;

/** The picture of the whole screen, prompt included. */
export async function screenPicture(): Promise<string> {
  const text = readFileSync(RECORDING, 'utf8');
  // A lab calls its namespaces after the process that made them.
  const lab = /"netns:([^"]+)"/.exec(text)![1]!;
  const recording = fromText(text.replaceAll(lab, 'web'));
  const call = parseArguments(recording.argv, commands);
  if (call.type !== 'run') throw new Error('a recording is of a run');
  const machine = { ...replayer(recording), env: { LANG: 'C.UTF-8', TERM: 'xterm-256color' } };
  const { target, ...defaults } = await questionOf(call.words[0]!, call.options, machine);

  const terminal = fakeTerminal(COLUMNS, ROWS);
  const asked = `sudo netdoctor ${target} --to ${defaults.to}`;
  terminal.stdout.write(`$ ${asked}\n`);
  const { stdin, stdout } = terminal;
  const ended = runTui({ machine, target, defaults, colour: true, stdin, stdout, setUp: async () => {} });
  await until(
    terminal,
    (rows) => rows.some((row) => row.startsWith('sysctl ')) && rows.some((row) => row.startsWith('? help')),
    'the verdict and its prompt',
  );
  const picture = svgOf(await terminal.stretches(), COLUMNS, `What a terminal shows after: ${asked}`);
  terminal.type('\u0004');
  await ended;
  return picture;
}
