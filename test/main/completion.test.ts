/** Completion, as the shells that are installed here read it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { commands } from '../../src/main/registry.ts';
import bash from '../../src/main/shells/bash.ts';
import fish from '../../src/main/shells/fish.ts';
import zsh from '../../src/main/shells/zsh.ts';
import { vocabulary } from '../../src/main/vocabulary.ts';
import { commands as prompt } from '../../src/repl/registry.ts';

const entries = vocabulary(commands);

describe('the vocabulary', () => {
  it('begins with the command that is meant where none is named', () => {
    expect(entries[0]?.name).toBe('diagnose');
    const shown = commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
    expect(entries.map(({ name }) => name).toSorted()).toEqual(shown.toSorted());
  });

  it('knows what fills each argument', () => {
    const words = Object.fromEntries(entries.map(({ name, words: source }) => [name, source]));
    expect(words).toMatchObject({
      diagnose: { from: ['containers', '--names'] },
      explain: { from: ['explain'] },
      completion: { of: ['bash', 'zsh', 'fish'] },
      demo: { from: ['demo', 'list'] },
      setup: { from: ['setup', 'list'] },
      containers: null,
    });
  });

  it('knows which flags take a value', () => {
    const flags = Object.fromEntries(entries[0]!.flags.map((flag) => [flag.long, flag]));
    expect(flags['--proto']).toMatchObject({
      value: 'KIND',
      optional: false,
      choices: ['icmp', 'tcp', 'udp', 'dns'],
    });
    expect(flags['--json']).toMatchObject({ value: null });
    expect(flags['--ipv4']).toMatchObject({ short: '-4' });
  });
});

test('the prompt and the command line say the same of what both know', () => {
  // `explain` alone tells the last verdict there, and `log` the commands that were run.
  const own = ['explain', 'log'];
  const both = prompt.filter(
    ({ name }) => !own.includes(name) && entries.some((entry) => entry.name === name),
  );
  expect(both.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['containers', 'keep', 'map', 'undo', 'veth']),
  );
  for (const { name, does } of both)
    expect(does, name).toBe(entries.find((entry) => entry.name === name)!.does);
});

describe('every shell', () => {
  test.each([
    ['bash', bash],
    ['zsh', zsh],
    ['fish', fish],
  ])('%s is told every command and flag', (_, script) => {
    const text = script(entries);
    for (const { name, flags } of entries) {
      expect(text).toContain(name);
      for (const { long } of flags) expect(text, long).toContain(long.slice(2));
    }
  });
});

/** Names that a stranger could give a container, each of which runs `touch RAN` where a shell expands it. */
const hostile = (ran: string): string[] => [
  `podman:$(touch\${IFS}${ran})`,
  `podman:\`touch\${IFS}${ran}\``,
  `podman:';touch\${IFS}${ran};'`,
  `podman:a[$(touch\${IFS}${ran})]`,
  'podman:*',
  'podman:~root',
  'podman:a\\',
];

describe('names of strangers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netdoctor-completion-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['', 'podman:', 'web --proto ', 'veth '])('bash runs nothing at TAB after “%s”', async (line) => {
    const ran = join(folder, 'ran');
    const list = join(folder, 'list');
    writeFileSync(list, `${hostile(ran).join('\n')}\n`);
    // The program with no filter of its own: the script must be safe alone.
    const script = `
      netdoctor() { cat "$LIST"; }
      ${bash(entries)}
      COMP_WORDS=(netdoctor "$@"); COMP_CWORD=$#; _netdoctor
      for one in "\${COMPREPLY[@]}"; do eval "words=($one)"; printf '%s\\n' "\${words[@]}"; done`;
    const words = line.split(' ');
    const { stdout } = await execa('bash', ['--norc', '-c', script, 'bash', ...words], {
      cwd: folder,
      env: { LIST: list },
    });
    expect(existsSync(ran)).toBe(false);
    // What is put on the line is the name again, letter by letter, once bash has read it.
    if (!line.includes('--proto')) expect(stdout.split('\n')).toEqual(expect.arrayContaining(hostile(ran)));
  });

  test('no shell is handed names to expand', () => {
    expect(bash(entries)).not.toMatch(/compgen|eval|=\(\$\(|for \w+ in \$/);
    // compadd and fish's command substitution take each line as one word, and expand none.
    expect(zsh(entries)).toContain('compadd -- ${(f)"$(netdoctor containers --names');
    expect(fish(entries)).toContain("(netdoctor containers --names 2>/dev/null | string split -f1 \\' \\')");
    expect(`${zsh(entries)}${fish(entries)}`).not.toMatch(/\beval\b/);
  });
});

/** What bash offers for the last word of a line. `netdoctor` itself is played by a function. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `
    netdoctor() { case "$1" in containers) printf 'docker:web   running\\nnetns:red   present\\n' ;; explain) printf 'ip-forward-off   x\\n' ;; esac; }
    ${bash(entries)}
    COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _netdoctor; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['--norc', '-c', script, 'bash', 'netdoctor', ...words]);
  return stdout.split('\n').filter(Boolean);
}

describe('bash', () => {
  it('offers targets and commands', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['docker:web', 'netns:red', 'explain', 'veth']));
    expect(await offered('exp')).toEqual(['explain']);
  });

  it('offers what belongs to the command', async () => {
    expect(await offered('explain', 'ip')).toEqual(['ip-forward-off']);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered('veth', '--j')).toEqual(['--json']);
    expect(await offered('veth', '--to')).toEqual([]);
  });

  it('offers flags for a bare target, and the values of a flag', async () => {
    expect(await offered('web', '--pr')).toEqual(['--proto']);
    expect(await offered('web', '--proto', 'd')).toEqual(['dns']);
    expect(await offered('web', '--to', '')).toEqual([]);
  });
});
