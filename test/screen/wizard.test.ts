import { render } from 'ink';
import { createElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { unicode } from '../../src/output/glyphs.ts';
import { ScreenStream } from '../../src/tui/screen-stream.ts';
import { type Scene, Store } from '../../src/tui/wizard/state.ts';
import { Wizard } from '../../src/tui/wizard/view.tsx';
import { type FakeTerminal, fakeTerminal } from './terminal.ts';

let end: () => void = () => {};
afterEach(() => end());

function open(columns = 80, rows = 24): { terminal: FakeTerminal; store: Store } {
  const terminal = fakeTerminal(columns, rows);
  const store = new Store();
  const size = () => ({ rows: terminal.stdout.rows, columns: terminal.stdout.columns });
  const ink = render(createElement(Wizard, { store, glyphs: unicode, colour: false, size }), {
    stdout: new ScreenStream(terminal.stdout) as unknown as NodeJS.WriteStream,
    stdin: terminal.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    debug: false,
  });
  end = () => ink.unmount();
  return { terminal, store };
}

/** Waits until the screen has the text. */
async function seen(terminal: FakeTerminal, text: string): Promise<string> {
  for (let left = 200; left > 0; left -= 1) {
    const screen = (await terminal.screen()).join('\n');
    if (screen.includes(text)) return screen;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`never seen: ${text}\n${(await terminal.screen()).join('\n')}`);
}

const offers = Array.from({ length: 30 }, (_, index) => ({
  name: `recipe-${index}`,
  title: `Title ${index}`,
  why: 'because',
  picture: [`picture ${index}`],
}));

const ask: Scene = {
  kind: 'ask',
  ask: 'Which bridge?',
  why: 'Because there are two.',
  suggestion: 'br-nat',
  choices: [{ value: 'br0', about: '10.0.0.1/24' }],
  error: null,
  text: '',
};

describe('the choice', () => {
  it('moves with the arrows and stays lower than the terminal', async () => {
    const { terminal, store } = open();
    const given = store.ask({ kind: 'choose', offers, at: 0 });
    await seen(terminal, '› recipe-0');
    for (let index = 0; index < 20; index += 1) terminal.type('\u001b[B');
    const screen = await seen(terminal, '› recipe-20');
    expect(screen).toContain('picture 20');
    expect(screen).toContain('What shall be built?');
    terminal.type('\r');
    expect(await given).toEqual({ type: 'run' });
    expect(store.state.scene).toMatchObject({ at: 20 });
  });

  it('stops at both ends, and is left by q', async () => {
    const { terminal, store } = open();
    const given = store.ask({ kind: 'choose', offers, at: 29 });
    await seen(terminal, '› recipe-29');
    terminal.type('\u001b[B');
    terminal.type('q');
    expect(await given).toEqual({ type: 'quit' });
    expect(store.state.scene).toMatchObject({ at: 29 });
  });
});

describe('a question', () => {
  it('shows the default, the choices and why', async () => {
    const { terminal, store } = open();
    const given = store.ask(ask);
    const screen = await seen(terminal, 'Enter takes br-nat');
    expect(screen).toMatch(/Because there are two\..*br0 +10\.0\.0\.1\/24/s);
    terminal.type('\r');
    expect(await given).toEqual({ type: 'answer', text: '' });
  });

  it('loses no key, however fast they come, and takes a pasted line', async () => {
    const { terminal, store } = open();
    const given = store.ask(ask);
    await seen(terminal, 'Which bridge?');
    for (const key of ['b', 'r', 'x', '\u007f', '-', 'n', 'd']) terminal.type(key);
    await seen(terminal, 'br-nd');
    terminal.type('1\r');
    expect(await given).toEqual({ type: 'answer', text: 'br-nd1' });
  });

  it('says what was wrong with an answer, and keeps it', async () => {
    const { terminal, store } = open();
    void store.ask({
      ...ask,
      text: 'toolong',
      error: { message: 'It is too long.', hint: 'A shorter one.' },
    });
    expect(await seen(terminal, '✗ It is too long.')).toMatch(/A shorter one\..*▸ toolong/s);
  });

  it('is left by Ctrl-C', async () => {
    const { terminal, store } = open();
    const given = store.ask(ask);
    await seen(terminal, 'Which bridge?');
    terminal.type('\u0003');
    expect(await given).toEqual({ type: 'quit' });
  });
});

describe('a step', () => {
  const step = {
    title: 'Make br-nat',
    why: 'A switch.',
    already: false,
    commands: [['ip', 'link', 'add']],
    undo: [],
  };

  it.each([
    ['\r', 'run'],
    ['s', 'skip'],
    ['b', 'back'],
    ['A', 'all'],
    ['q', 'quit'],
    ['\u0003', 'quit'],
  ] as const)('%j means %s', async (key, type) => {
    const { terminal, store } = open();
    store.draw(['red  eth0 ── br-nat']);
    const given = store.ask({ kind: 'step', step, index: 6, of: 23 });
    const screen = await seen(terminal, 'Step 7 of 23');
    expect(screen).toMatch(/red {2}eth0 ── br-nat.*A switch\.\n\nip link add\n.*Enter run/s);
    terminal.type('x');
    terminal.type(key);
    expect(await given).toEqual({ type });
  });

  it('shows no more of a big network than there is room for', async () => {
    const { terminal, store } = open(60, 20);
    store.draw(Array.from({ length: 50 }, (_, index) => `container-${index}`));
    void store.ask({ kind: 'step', step, index: 0, of: 1 });
    const screen = await seen(terminal, 'and 44 more');
    expect(screen).toContain('container-0');
    expect(screen).toContain('Enter run');
  });
});

describe('a step that failed', () => {
  const broken: Scene = {
    kind: 'broken',
    title: 'Give eth0 of red an address',
    sound: true,
  };

  it.each([
    ['\r', 'diagnose'],
    ['d', 'diagnose'],
    ['r', 'again'],
    ['k', 'keep'],
    ['q', 'quit'],
    ['\u0003', 'quit'],
  ] as const)('%j means %s', async (key, type) => {
    const { terminal, store } = open();
    store.draw(['red  eth0 ── br-nat']);
    const given = store.ask(broken);
    const screen = await seen(terminal, '✗ Give eth0 of red an address');
    expect(screen).toMatch(/eth0 ── br-nat.*Enter diagnoses.*k keep what stands/s);
    terminal.type('s');
    terminal.type(key);
    expect(await given).toEqual({ type });
  });

  it('offers no diagnosis where nothing could be asked', async () => {
    const { terminal, store } = open();
    const given = store.ask({ ...broken, sound: false });
    expect(await seen(terminal, 'try again')).not.toContain('diagnose');
    terminal.type('\r');
    terminal.type('d');
    terminal.type('k');
    expect(await given).toEqual({ type: 'keep' });
  });
});

it('prints what is finished once, above what lives', async () => {
  const { terminal, store } = open();
  store.print('one', '', 'two');
  store.show({ kind: 'busy', what: 'Proving' });
  await seen(terminal, 'Proving …');
  store.print('three');
  await seen(terminal, 'three');
  const all = (await terminal.all()).join('\n');
  expect(all.match(/^one$/gm)).toHaveLength(1);
  expect(all).toMatch(/one\n\ntwo\nthree\n/);
});

it('hands a Ctrl-C to who works when nothing is asked', async () => {
  const { terminal, store } = open();
  let quit = 0;
  store.onQuit = () => {
    quit += 1;
  };
  store.show({ kind: 'busy', what: 'Proving' });
  await seen(terminal, 'Proving …');
  terminal.type('\u0003');
  for (let left = 50; left > 0 && quit === 0; left -= 1) await new Promise((done) => setTimeout(done, 20));
  expect(quit).toBe(1);
});
