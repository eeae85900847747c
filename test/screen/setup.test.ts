// The wizard from the prompt: the screen and the keys are lent to it, and taken back.
import { render } from 'ink';
import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import { cannotLook } from '../../src/model/failure.ts';
import { unicode } from '../../src/output/glyphs.ts';
import { ScreenStream } from '../../src/tui/screen-stream.ts';
import { Store } from '../../src/tui/wizard/state.ts';
import { Wizard } from '../../src/tui/wizard/view.tsx';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { type Conversation, converse } from './conversation.ts';
import { type FakeTerminal, until } from './terminal.ts';

const at =
  (row: string) =>
  (all: string[]): boolean =>
    all.findLast((one) => /[▸›]/.test(one)) === row;
const prompt = at('netdoctor web ▸');

interface Setting {
  readonly talk: Conversation;
  /** Recipes that the wizard was asked for, and what it was told. */
  readonly asked: (string | null)[];
  readonly answers: string[];
}

/** A conversation whose wizard asks one question, on the terminal that is lent to it. */
function withWizard(columns: number, rows: number): Setting {
  const asked: (string | null)[] = [];
  const answers: string[] = [];
  const wizard = async (recipe: string | null, stdin: NodeJS.ReadStream): Promise<void> => {
    asked.push(recipe);
    const { stdout } = talk.terminal;
    const store = new Store();
    const size = () => ({ rows: stdout.rows, columns: stdout.columns });
    const ink = render(createElement(Wizard, { store, glyphs: unicode, colour: false, size }), {
      stdout: new ScreenStream(stdout) as unknown as NodeJS.WriteStream,
      stdin,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    const what = { why: null, suggestion: null, choices: [], error: null, text: '' };
    const given = await store.ask({ kind: 'ask', ask: 'Which bridge?', ...what });
    answers.push(given.type === 'answer' ? given.text : given.type);
    store.print('The bridge stands.');
    store.show({ kind: 'over' });
    await ink.waitUntilExit();
  };
  const talk: Conversation = converse(columns, rows, { events: story, setUp: wizard });
  return { talk, asked, answers };
}

async function leave({ terminal, ended }: Conversation): Promise<void> {
  terminal.type('\u0004');
  await ended;
}

/** Types a line and has the answer of the conversation. */
async function hop(terminal: FakeTerminal): Promise<void> {
  terminal.type('hop 1\r');
  await until(terminal, (all) => all.includes('container/eth0'), 'the answer');
  await until(terminal, prompt, 'the prompt after it');
}

describe('setup at the prompt', () => {
  test('completes recipes, lends screen and keys to the wizard, and has both back', async () => {
    const { talk, asked, answers } = withWizard(80, 40);
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup m\t');
    await until(terminal, at('netdoctor web ▸ setup macvlan'), 'the recipe');
    terminal.type('\r');
    await until(terminal, (all) => all.includes('Which bridge?'), 'the wizard');
    expect(asked).toEqual(['macvlan']);
    expect((await terminal.screen()).filter((row) => row.includes('▸'))).toEqual([
      'netdoctor web ▸ setup macvlan',
      '▸',
    ]);
    terminal.type('br-9');
    await until(terminal, at('▸ br-9'), 'what was typed');
    terminal.type('\r');
    await until(terminal, (all) => all.includes('The bridge stands.') && prompt(all), 'the prompt');
    expect(answers).toEqual(['br-9']);
    expect(terminal.raw()).toBe(true);
    await hop(terminal);
    const all = await terminal.all();
    // Everything said before is there, and once.
    expect(all.filter((row) => /^✗ Requests stop in the host/.test(row))).toHaveLength(1);
    expect(all.filter((row) => row === 'netdoctor web ▸ setup macvlan')).toHaveLength(1);
    expect(all.filter((row) => row.includes('Which bridge?'))).toEqual([]);
    await leave(talk);
    expect(terminal.raw()).toBe(false);
  });

  test('keeps the line that was begun ahead, the history, and the lines that wait', async () => {
    const { talk, answers } = withWizard(80, 40);
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup bridge-nat\rhop 2\rexplai');
    await until(terminal, (all) => all.includes('Which bridge?'), 'the wizard');
    terminal.type('x');
    await until(terminal, at('▸ x'), 'what was typed');
    terminal.type('\r');
    await until(terminal, (all) => all.includes('host/veth6a383f2'), 'the line that waited');
    await until(terminal, (all) => all.some((row) => row.startsWith('netdoctor web ▸ explai')), 'the line');
    expect(answers).toEqual(['x']);
    terminal.type('\u0015\u001b[A\u001b[A');
    await until(terminal, at('netdoctor web ▸ setup bridge-nat'), 'the line before');
    terminal.type('\u0015');
    await leave(talk);
  });

  test('a paste goes into the answer, and is text at the prompt again', async () => {
    const { talk, answers } = withWizard(80, 40);
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup bridge-nat\r');
    await until(terminal, (all) => all.includes('Which bridge?'), 'the wizard');
    const modes = () => terminal.bytes().match(/\u001b\[\?2004[hl]/g);
    expect(modes()?.at(-1)).toBe('\u001b[?2004l');
    terminal.type('pasted');
    await until(terminal, at('▸ pasted'), 'what was pasted');
    terminal.type('\r');
    await until(terminal, prompt, 'the prompt');
    expect(answers).toEqual(['pasted']);
    expect(modes()?.at(-1)).toBe('\u001b[?2004h');
    terminal.type('\u001b[200~two\rlines\u001b[201~');
    await until(terminal, at('netdoctor web ▸ two lines'), 'the paste as text');
    terminal.type('\u0015');
    await leave(talk);
  });

  test('a window resized meanwhile is the wizard’s to draw, and the prompt’s afterwards', async () => {
    const { talk } = withWizard(80, 30);
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup macvlan\r');
    await until(terminal, (all) => all.includes('Which bridge?'), 'the wizard');
    await terminal.resize(50, 20);
    expect((await terminal.screen()).filter((row) => row.startsWith('netdoctor web ▸'))).toHaveLength(1);
    terminal.type('b');
    await until(terminal, at('▸ b'), 'what was typed');
    terminal.type('\r');
    await until(terminal, prompt, 'the prompt');
    await hop(terminal);
    const rows = await terminal.screen();
    expect(rows.filter((row) => row === 'netdoctor web ▸')).toHaveLength(1);
    await leave(talk);
  });

  test('Ctrl-C leaves the wizard, and not the conversation', async () => {
    const { talk, answers } = withWizard(80, 30);
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup macvlan\r');
    await until(terminal, (all) => all.includes('Which bridge?'), 'the wizard');
    terminal.type('\u0003');
    await until(terminal, prompt, 'the prompt');
    expect(answers).toEqual(['quit']);
    await hop(terminal);
    await leave(talk);
  });

  test('a wizard that cannot begin says why, and the conversation goes on', async () => {
    const setUp = async (): Promise<void> => {
      throw cannotLook('no-permission', 'Only root may make links.', 'sudo netdoctor setup');
    };
    const talk = converse(80, 24, { events: healthyStory, setUp });
    const { terminal } = talk;
    await until(terminal, prompt, 'the prompt');
    terminal.type('setup\r');
    await until(terminal, (all) => all.includes('✗ Only root may make links.'), 'the reason');
    await until(terminal, prompt, 'the prompt');
    await hop(terminal);
    await leave(talk);
  });
});
