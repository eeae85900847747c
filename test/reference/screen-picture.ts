/** docs/screen.svg: a recorded diagnosis, asked again of the recording, as the conversation draws it on a terminal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fromText, type Recording } from '../../src/host/record/recording.ts';
import { runTui } from '../../src/tui/index.tsx';
import { tellAgain } from '../recordings/replay.ts';
import { type KeptVerdict, verdictOf } from '../recordings/verdict.ts';
import { fakeMachine, telling } from '../screen/conversation.ts';
import { fakeTerminal, until } from '../screen/terminal.ts';
import { svgOf } from './svg.ts';

const RECORDING = join(import.meta.dirname, '../recordings/runs/ip-forward-off.json');
const COLUMNS = 92;
const ROWS = 30;
const ATTEMPTS = 5;

/** The picture of the whole screen, prompt included. */
export async function screenPicture(): Promise<string> {
  const text = readFileSync(RECORDING, 'utf8');
  // A lab calls its namespaces after the process that made them.
  const lab = /"netns:([^"]+)"/.exec(text)![1]!;
  const { question, events } = await toldAsRecorded(
    fromText(text.replaceAll(lab, 'web')) as Recording & { readonly verdict: KeptVerdict },
  );
  const terminal = fakeTerminal(COLUMNS, ROWS);
  const { target, ...defaults } = question;
  const asked = `sudo netdoctor ${target} --to ${defaults.to}`;
  terminal.stdout.write(`$ ${asked}\n`);
  const ended = runTui({
    machine: fakeMachine(),
    around: telling(events).around,
    target,
    defaults,
    colour: true,
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    setUp: async () => {},
  });
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

/** On a busy machine a witness may speak later than anybody would wait: such a run is no example. */
async function toldAsRecorded(
  recording: Recording & { readonly verdict: KeptVerdict },
): ReturnType<typeof tellAgain> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const told = await tellAgain(recording);
    const { diagnosis } = told.events.find((event) => event.type === 'diagnosis')!;
    if (isDeepStrictEqual(verdictOf(diagnosis), recording.verdict)) return told;
  }
  throw new Error('the recording was never told with its own verdict: test/recordings.test.ts says more');
}
