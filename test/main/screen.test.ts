import { afterEach, describe, expect, it, test } from 'vitest';
import { canConverse } from '../../src/main/conversation.ts';
import { type Streams, screenOf } from '../../src/main/screen.ts';

const streams = (env: Record<string, string> = {}, terminal = true, columns?: number): Streams => ({
  stdin: { isTTY: terminal },
  stdout: { isTTY: terminal, columns, write: () => true },
  stderr: { write: () => true },
  env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
});

describe('the screen', () => {
  test.each([
    ['a terminal', streams(), true, 'colour'],
    ['--no-color', streams(), false, 'no-colour'],
    ['NO_COLOR', streams({ NO_COLOR: '1' }), true, 'no-colour'],
    ['an empty NO_COLOR', streams({ NO_COLOR: '' }), true, 'colour'],
    ['a dumb terminal', streams({ TERM: 'dumb' }), true, 'bare'],
    ['a pipe', streams({}, false), true, 'bare'],
  ])('%s', (_, of, colour, palette) => {
    expect(screenOf(of, colour).palette).toBe(palette);
  });

  it('is as wide as the terminal, as COLUMNS says, or as a page', () => {
    expect(screenOf(streams({}, true, 132), true).columns).toBe(132);
    expect(screenOf(streams({}, true, 0), true).columns).toBe(100);
    expect(screenOf(streams({ COLUMNS: '60' }, false), true).columns).toBe(60);
    expect(screenOf(streams({ COLUMNS: 'wide' }, false), true).columns).toBe(100);
  });

  test.each([
    ['LANG', { LANG: 'de_DE.UTF-8' }, false],
    ['LC_ALL goes first', { LC_ALL: 'C', LANG: 'C.UTF-8' }, true],
    ['no locale', { LANG: '' }, true],
    ['the Linux console', { TERM: 'linux' }, true],
  ])('ASCII by %s', (_, env, ascii) => {
    expect(screenOf(streams(env), true).glyphs.ascii).toBe(ascii);
  });
});

describe('a conversation', () => {
  const talks = (options: Record<string, unknown>, of = streams()) =>
    canConverse({ screen: screenOf(of, true), options });

  it('needs a person at both ends; a dumb terminal is talked to in lines', () => {
    expect(talks({})).toBe(true);
    expect(talks({}, streams({}, false))).toBe(false);
    expect(talks({}, streams({ TERM: 'dumb' }))).toBe(true);
    expect(talks({}, { ...streams(), stdin: {} })).toBe(false);
  });

  test.each(['json', 'ndjson', 'plain', 'fix'])('is not wanted with --%s', (option) => {
    expect(talks({ [option]: true })).toBe(false);
  });

  it('is not wanted where nothing may be asked', () => {
    expect(talks({ input: false })).toBe(false);
  });
});

describe('the launcher’s first words', () => {
  const mark = Symbol.for('netdoctor.first-words');
  const world = globalThis as unknown as Record<symbol, unknown>;
  afterEach(() => {
    delete world[mark];
  });

  it('go away before anything else is written, once', () => {
    const written: string[] = [];
    world[mark] = () => written.push('<erase>');
    const write = (text: string): number => written.push(text);
    const screen = screenOf({ ...streams(), stdout: { isTTY: true, write }, stderr: { write } }, true);
    expect(written).toEqual([]);
    screen.err('one ');
    screen.out('two');
    screen.begin();
    expect(written).toEqual(['<erase>', 'one ', 'two']);
  });

  it('were none in a pipe', () => {
    expect(() => screenOf(streams({}, false), true).out('text')).not.toThrow();
  });
});
