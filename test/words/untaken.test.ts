import { expect, it } from 'vitest';
import type { Listening, Taker } from '../../src/model/untaken.ts';
import { untakenInWords } from '../../src/words/untaken.ts';

const holder = (pid: number, more: Partial<Listening> = {}): Listening => ({
  pid,
  name: 'web',
  halted: null,
  files: { pid, name: 'web', open: 7, soft: 1024, hard: null },
  ...more,
});

const taker = (inode: number, stuck: boolean, holders: Listening[]): Taker => ({
  address: '0.0.0.0',
  port: 8080,
  inode,
  waiting: stuck ? 3 : 0,
  most: 64,
  stuck,
  holders,
});

const told = (...takers: Taker[]) =>
  untakenInWords({ kind: 'accept', connections: 3, of: 8, waited: 2003, takers });

it('names the program, and its open files where none is left', () => {
  expect(told(taker(1, true, [holder(7)])).what).toBe('web (pid 7) listens on port 8080 and does not accept');
  const full = holder(7, { files: { pid: 7, name: 'web', open: 12, soft: 12, hard: 12 } });
  const said = told(taker(1, true, [full]));
  expect(said.what).toContain('no open files left');
  expect(said.why).toContain(
    '12 of the 12 open files that it may: accept() fails with "Too many open files"',
  );
});

it('names both sides of a shared port', () => {
  const said = told(taker(1, false, [holder(6)]), taker(2, true, [holder(7)]));
  expect(said.what).toBe('2 sockets share port 8080, and web (pid 7) does not accept');
  expect(said.why).toMatch(
    /3 of 8 connections .* for 2\.0 s .* queue of web \(pid 7\).*; web \(pid 6\) accepts/,
  );
});

it('says of a program that stands still how it goes on', () => {
  expect(told(taker(1, true, [holder(7, { halted: 'stopped' })])).do).toContain('kill -CONT 7');
  expect(told(taker(1, true, [holder(7, { halted: 'paused' })])).do).toContain('unpause');
});
