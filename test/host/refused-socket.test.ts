import { expect, it } from 'vitest';
import { isOfTheAsked, refusedSocket } from '../../src/host/sockets/refused-socket.ts';

it('what the machine lacks for everybody is news of the asked, and what netdoctor may not is none', () => {
  for (const errno of ['ENFILE', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT'])
    expect([errno, isOfTheAsked(errno, undefined)]).toEqual([errno, true]);
  expect(isOfTheAsked('EPERM', undefined)).toBe(false);
  expect(isOfTheAsked('EPERM', '/sys/fs/cgroup/x')).toBe(true);
  // Its own files are netdoctor's own.
  expect(isOfTheAsked('EMFILE', '/sys/fs/cgroup/x')).toBe(false);
});

it('whoever sends from it hears why', () => {
  const socket = refusedSocket('EPERM');
  expect([socket.send(), socket.write(new Uint8Array()), socket.localPort]).toEqual(['EPERM', 'EPERM', null]);
});
