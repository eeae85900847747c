import { expect, it } from 'vitest';
import { clockApart, serverTime } from '../../../src/probe/speech/clock.ts';
import { openTalk } from '../../../src/probe/speech.ts';
import { flow } from './flow.ts';

const DATE = 'Sat, 28 Nov 2026 12:00:00 GMT';
const at = Date.parse(DATE);
const head = (...fields: string[]): string => ['HTTP/1.1 200 OK', ...fields, '', ''].join('\r\n');

it('reads the time of a server, and the age of what a cache had', () => {
  expect(serverTime(head('Server: x', `Date: ${DATE}`))).toBe(at);
  expect(serverTime(head(`date: ${DATE}`, 'Age: 600'))).toBe(at + 600_000);
  expect(serverTime(head(`Date: ${DATE}`, 'Age: never'))).toBe(at);
  expect(serverTime(head('Date: tomorrow'))).toBeNull();
  expect(serverTime(head())).toBeNull();
});

it('tells a clock that is minutes, hours or days off, and none that is seconds off', () => {
  expect(clockApart(at, at + 60_000)).toBeNull();
  expect(clockApart(null, at)).toBeNull();
  expect(clockApart(at, at + 600_000)).toContain('10 minutes ahead of');
  expect(clockApart(at, at - 3 * 3_600_000)).toContain('3 hours behind');
  expect(clockApart(at, at - 400 * 86_400_000)).toContain('400 days behind');
});

it('is told of by a conversation by HTTP alone', async () => {
  const talk = await openTalk(flow(), 'http');
  talk.hear(Buffer.from(head('Date: Mon, 01 Jan 2001 00:00:00 GMT')));
  expect(talk.clock()).toContain('days ahead of that of the server');
  const ftp = await openTalk(flow({ port: 21 }), 'greeting');
  ftp.hear(Buffer.from(head('Date: Mon, 01 Jan 2001 00:00:00 GMT')));
  expect(ftp.clock()).toBeNull();
});
