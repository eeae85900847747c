import { Option } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { type Call, parseArguments } from '../../src/main/arguments.ts';
import { command } from '../../src/main/command.ts';
import { commands } from '../../src/main/registry.ts';
import { Failure } from '../../src/model/failure.ts';

const parse = (line: string, known = commands): Call =>
  parseArguments(line.split(' ').filter(Boolean), known);

const run = (line: string, known = commands) => {
  const call = parse(line, known);
  if (call.type !== 'run') throw new Error(`${line} is ${call.type}`);
  return { name: call.command.name, words: call.words, options: call.options };
};

function problemOf(line: string) {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof Failure) return error.problem;
    throw error;
  }
  return undefined;
}

describe('which command is meant', () => {
  test.each([
    ['web', 'diagnose', ['web']],
    ['diagnose web', 'diagnose', ['web']],
    ['diagnose veth', 'diagnose', ['veth']],
    ['veth', 'veth', []],
    ['veth web', 'veth', ['web']],
    ['--json veth', 'veth', []],
    ['--to veth web', 'diagnose', ['web']],
    ['--to 1.1.1.1 web', 'diagnose', ['web']],
    ['web --to 1.1.1.1', 'diagnose', ['web']],
    ['-- veth', 'diagnose', ['veth']],
    ['diagnose help', 'diagnose', ['help']],
    ['explain --json ip-forward-off', 'explain', ['ip-forward-off']],
    ['', 'diagnose', []],
  ])('%s', (line, name, words) => {
    expect(run(line)).toMatchObject({ name, words });
  });

  test.each([
    ['--help', 'help', null],
    ['-h', 'help', null],
    ['web --help', 'help', null],
    ['help', 'help', null],
    ['help veth', 'help', 'veth'],
    ['help me', 'help', null],
    ['veth --help', 'help', 'veth'],
    ['diagnose --help', 'help', 'diagnose'],
  ])('%s asks for help', (line, type, name) => {
    const call = parse(line);
    expect(call.type).toBe(type);
    expect(call.type === 'help' ? (call.command?.name ?? null) : undefined).toBe(name);
  });

  it('--version is the program’s, and a word behind -- is no option', () => {
    expect(parse('--version').type).toBe('version');
    expect(run('-- --version').words).toEqual(['--version']);
  });
});

describe('options', () => {
  it('have the defaults that the contract names', () => {
    expect(run('web').options).toMatchObject({
      from: 'container',
      count: 3,
      wait: 1,
      timeout: 10,
      trace: true,
    });
  });

  it('are numbers where numbers are meant', () => {
    expect(run('web --count 5 --wait 0.5 --timeout=30').options).toMatchObject({
      count: 5,
      wait: 0.5,
      timeout: 30,
    });
  });

  it('whose value may be left out never swallow the word behind them', () => {
    const mend = command({
      name: 'diagnose',
      takes: '[target]',
      does: 'x',
      options: [new Option('--fix [risk]', 'x').preset('safe')],
      run: async () => 0,
    });
    expect(run('--fix web', [mend])).toMatchObject({ words: ['web'], options: { fix: 'safe' } });
    expect(run('--fix=disruptive web', [mend])).toMatchObject({
      words: ['web'],
      options: { fix: 'disruptive' },
    });
  });
});

describe('a wrong call', () => {
  test.each([
    ['web --jsno', 'unknown-option', /Unknown option "--jsno"\./, /Did you mean --json\?/],
    ['veth --to x', 'unknown-option', /"--to"/, /netdoctor veth --help/],
    ['web extra', 'too-many-words', /[Tt]oo many/, /netdoctor --help/],
    ['web --count', 'missing-value', /argument missing/, /--help/],
    ['web --count 0', 'bad-value', /from 1 to 250/, /--help/],
    ['web --count 2.5', 'bad-value', /whole number/, /--help/],
    ['web --wait -1', 'bad-value', /number of seconds/, /--help/],
    ['web --proto sctp', 'bad-value', /icmp, tcp, udp, dns/, /--help/],
    ['web -4 -6', 'conflicting-options', /cannot be used with/, /--help/],
    ['completion', 'missing-argument', /"shell"/, /netdoctor completion --help/],
  ])('%s', (line, code, message, hint) => {
    const problem = problemOf(line);
    expect(problem).toMatchObject({ exit: 2, code });
    expect(problem?.message).toMatch(message);
    expect(problem?.message).toMatch(/^[A-Z].*\.$/);
    expect(problem?.hint).toMatch(hint);
  });
});

describe.each(commands.map((one) => [one.name, one] as const))('the command %s', (_, one) => {
  it('is told in one line, with options that each are', () => {
    expect(one.does).toMatch(/^[a-z].*[^.]$/);
    for (const option of one.options) expect(option.description, option.flags).toMatch(/[^.]$/);
  });

  it('shows only examples that can be typed', () => {
    for (const example of one.examples ?? []) {
      const line = example.split(/ {3,}/)[0]!.replace(/^(sudo )?netdoctor /, '');
      expect(run(line).name, example).toBe(one.name);
    }
  });
});
