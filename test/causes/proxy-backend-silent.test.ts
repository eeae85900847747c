/** A proxy of this host that took the probe's connections, and whose own ones nobody answers. */
import { describe, expect, it } from 'vitest';
import type { Mute, Taker, Untaken } from '../../src/model/untaken.ts';
import { examine } from './examine.ts';
import { healthy, type Lab } from './scene.ts';

const carried: Untaken = {
  kind: 'carry',
  connections: 3,
  of: 3,
  waited: 1100,
  takers: [],
  by: { pid: 7, name: 'docker-proxy' },
  to: { address: '10.88.0.9', port: 81 },
};

const taking = (untaken: Untaken): Lab => ({ ...healthy('to-host'), untaken }) as Lab;

it('names the program, its backend and what it waits for', () => {
  const claim = examine('proxy-backend-silent', taking(carried));
  expect(claim).toMatchObject({
    sure: 'proved',
    what: 'docker-proxy (pid 7) accepts the connections and carries them on to 10.88.0.9:81, which does not answer',
    why: expect.stringContaining('3 stand in SYN-SENT'),
  });
  expect(examine('listener-stuck', taking(carried))).toBeNull();
});

it('is not for connections that no program took', () => {
  expect(examine('proxy-backend-silent', taking({ ...carried, kind: 'accept' }))).toBeNull();
  expect(examine('proxy-backend-silent', healthy('to-host'))).toBeNull();
});

describe('one that waits for what it was told to say', () => {
  const listens: Taker = {
    address: '0.0.0.0',
    port: 81,
    inode: 5,
    waiting: 3,
    most: 64,
    stuck: true,
    holders: [{ pid: 9, name: 'web', halted: 'stopped', files: null }],
  };
  const mute = (waitsFor: Mute): Untaken => ({ ...carried, kind: 'mute', waitsFor });

  it('names who does not take it, and what keeps him', () => {
    const claim = examine('proxy-backend-silent', taking(mute({ how: 'queued', listens, said: 'http' })));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: 'docker-proxy (pid 7) accepts the connections and waits for web (pid 9) on 10.88.0.9:81, who does not accept them',
      why: expect.stringContaining('web (pid 9) is stopped by a signal'),
      do: 'Let it go on: kill -CONT 9.',
    });
  });

  it('names an end that is elsewhere by its address', () => {
    const claim = examine('proxy-backend-silent', taking(mute({ how: 'deaf', listens: null, said: 'tls' })));
    expect(claim?.what).toMatch(/waits for 10\.88\.0\.9:81, which takes what is said and does not answer$/);
    expect(claim?.why).toContain('a TLS hello');
    expect(claim?.do).toContain('10.88.0.9:81 hangs');
  });
});
