/** What undo believes of an entry: nothing that netdoctor could not have written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOfCommand } from '../../src/repair/journal/programs.ts';
import { readEntry } from '../../src/repair/journal/reading.ts';
import { keptChange, keptEntry } from './kept-entry.ts';

const change = { run: { argv: ['sysctl', '-w', 'net.ipv4.ip_forward=1'] } };
const good = {
  ...keptEntry(),
  id: '3',
  boot: 'b00t',
  hostNamespace: 1,
  changes: [keptChange(change)],
  undo: [change],
};
const read = (over: object): unknown => readEntry(JSON.stringify({ ...good, ...over }), 3);
const applied = (apply: unknown, before: unknown = null): object => ({
  changes: [{ ...good.changes[0], apply, before }],
});
const file = { file: '/etc/x', before: null, after: 'x', mode: '0644' };

it('is read as it was written', () => expect(read({})).toEqual(good));

it.each([
  ['another number', { id: '4' }],
  ['a path as its number', { id: '../../x' }],
  ['no changes', { changes: null }],
  ['a change of nothing', applied({})],
  ['a program of its own', { undo: [{ run: { argv: ['/tmp/evil'] } }] }],
  ['a shell', { undo: [{ run: { argv: ['sh', '-c', 'x'] } }] }],
  ['a program by the namespace', { undo: [{ run: { argv: ['nsenter', '--net=/x', 'sh'] } }] }],
  ['a program by ip', { undo: [{ run: { argv: ['ip', 'netns', 'exec', 'x', 'sh'] } }] }],
  ['a file of commands', { undo: [{ run: { argv: ['ip', '-b', '/tmp/x'] } }] }],
  ['a program by iptables', { undo: [{ run: { argv: ['iptables', '--modprobe=/tmp/x', '-L'] } }] }],
  ['another sysctl', { undo: [{ run: { argv: ['sysctl', '-w', 'kernel.core_pattern=|/x'] } }] }],
  ['no words', { undo: [{ run: { argv: [] } }] }],
  ['numbers as words', { undo: [{ run: { argv: [1] } }] }],
  ['a NUL', { undo: [{ run: { argv: ['ip', 'a\0b'] } }] }],
  ['a container’s program', { undo: [{ run: { argv: ['docker', 'exec', 'x', 'network', 'connect'] } }] }],
  ['a file without a path', applied({ ...file, file: 'x' })],
  ['a file by a way up', applied({ ...file, file: '/etc/../x' })],
  ['a setuid file', applied({ ...file, mode: '4755' })],
  ['a file that was setuid', applied(file, { access: '4755 0:0' })],
])('not with %s', (_, over) => expect(typeof read(over)).toBe('string'));

it.each([{ toString: null }, null, [], 7, undefined])('names a schema that is no word: %j', (schema) => {
  expect(readEntry(JSON.stringify({ ...good, schema }), 1)).toMatch(/^its schema is /);
});

it('never throws, whatever stands there', () => {
  fc.assert(fc.property(fc.json(), (text) => typeof readEntry(text, 3) === 'string'));
  fc.assert(fc.property(fc.string(), (text) => typeof readEntry(text, 3) === 'string'));
  const keys = Object.keys(good);
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const result = readEntry(JSON.stringify({ ...good, [key]: value }), 3);
      expect(typeof result === 'string' || result.id === '3').toBe(true);
    }),
  );
});

describe('programs', () => {
  it.each([
    ['rm', '-f', '/sys/fs/bpf/netdoctor-7'],
    ['nsenter', '--net=/run/netns/x', 'ip', 'link', 'del', 'dev', 'x'],
    ['docker', 'network', 'connect', 'n', 'c'],
    ['iptables-legacy', '-t', 'nat', '-D', 'X', '1'],
    ['modprobe', '-r', 'br_netfilter'],
  ])('%s is one of a fix', (...argv) => expect(refusalOfCommand(argv)).toBeNull());
  it.each([['rm', '-f', '/etc/passwd'], ['rm', '-rf', '/'], ['modprobe', '-C', '/x', 'y'], ['constructor']])(
    '%s is not: %s',
    (...argv) => expect(refusalOfCommand(argv)).not.toBeNull(),
  );
});
