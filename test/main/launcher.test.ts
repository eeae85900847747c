/** What the launcher takes for granted of the program that it starts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { canConverse } from '../../src/main/conversation.ts';
import { commands } from '../../src/main/registry.ts';
import type { Screen } from '../../src/main/screen.ts';

const LAUNCHER = join(import.meta.dirname, '../../bin/netdoctor');
const launcher = readFileSync(LAUNCHER, 'utf8');

/** Commands that begin with a probe: the process that listens is started at once. */
const PROBING = ['diagnose', 'watch'];

it('the launcher knows which commands do not begin with a probe', () => {
  const named = /OTHERS =\s*\/\^\(([^)]+)\)\$\//.exec(launcher)?.[1]?.split('|') ?? [];
  const others = commands.map(({ name }) => name).filter((name) => !PROBING.includes(name));
  expect(named.toSorted()).toEqual([...others, 'help'].toSorted());
});

it('the launcher knows with which words there is no conversation on a terminal', () => {
  const words = /SILENT =\s*\/\^--\(([^)]+)\)/.exec(launcher)?.[1]?.split('|') ?? [];
  const options = commands.find(({ name }) => name === 'diagnose')?.options ?? [];
  const screen = { interactive: true } as Screen;
  const silent = options
    .map((option) => option.attributeName())
    .filter((name) => !canConverse({ screen, options: { [name]: true } }));
  expect(words).toEqual(silent.toSorted());
});

it('starts a Node that reads no certificates, with the words as they were typed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-launcher-'));
  try {
    const node = join(folder, 'node');
    writeFileSync(node, '#!/bin/sh\nprintf "%s|" "$NODE_EXTRA_CA_CERTS" "$@"\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}`, NODE_EXTRA_CA_CERTS: '/etc/ssl/own.pem' };
    expect((await execa(node, [], { env })).stdout).toBe('/etc/ssl/own.pem|');
    const { stdout } = await execa(LAUNCHER, ['web', '', 'a  b', '$HOME', '--to=*'], { env });
    expect(stdout).toBe(`|${LAUNCHER}|web||a  b|$HOME|--to=*|`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each([
  [
    [],
    /^netdoctor: it needs Node\.js 20\.19 or newer\.\n {2}why {3}This is Node\.js 18\.2\.0\.\n {2}do {4}install a newer/,
  ],
  [['--json'], /^\{"schema":"netdoctor\/error\/1","code":"not-ready",.*20\.19.*\}\n$/],
])('an older Node is told what is needed (%j)', async (words, expected) => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.2.0' } });
    require(${JSON.stringify(LAUNCHER)});`;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['-e', older, 'x', ...words], {
    reject: false,
    stripFinalNewline: false,
  });
  expect([exitCode, stdout + stderr]).toEqual([3, expect.stringMatching(expected)]);
});
