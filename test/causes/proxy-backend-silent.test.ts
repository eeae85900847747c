/** A proxy of this host that took the probe's connections, and whose own ones nobody answers. */
import { expect, it } from 'vitest';
import type { Untaken } from '../../src/model/untaken.ts';
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
