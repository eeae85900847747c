/** Sockets that are bound to an interface, and requests that come in by another. */
import { describe, expect, it } from 'vitest';
import type { Listener } from '../../src/model/facts.ts';
import { asking, listener, refusedAt, unanswered } from './asking.ts';
import { examine } from './examine.ts';
import { address, link } from './lab-state.ts';
import type { Lab } from './scene.ts';

/** B, with a second interface, refuses what A asked of it by the first one. */
function refusedByB(family: 4 | 6, listeners: Partial<Listener>[]): Lab {
  const lab = refusedAt(asking('sibling', 'tcp', 80, family), 'other/eth0');
  lab.stacks.other?.links.push(
    link(9, 'eth1', 'veth', { addresses: [address('10.89.0.3/24'), address('fd00:89::3/64')] }) as never,
  );
  lab.listeners = listeners.map((about) => listener({ side: 'other', ...about }));
  return lab;
}

const claimed = (lab: Lab) => examine('listener-wrong-interface', lab);

describe('listener-wrong-interface', () => {
  it.each([
    [4, { address: '0.0.0.0', device: 'eth1' }, '0.0.0.0%eth1:80', '10.89.0.3'],
    [6, { address: '::', family: 6 as const, device: 'eth1' }, '[::]%eth1:80', 'fd00:89::3'],
    [6, { address: '*', family: 6 as const, device: 'eth1' }, '*%eth1:80', 'fd00:89::3'],
  ] as const)(
    'names both interfaces, and where else it can be asked, by IPv%s',
    (family, about, socket, other) => {
      const claim = claimed(refusedByB(family, [about]));
      expect(claim).toMatchObject({
        sure: 'proved',
        what: 'python3 listens on the interface eth1 only, and the request came in by eth0',
      });
      expect(claim?.why).toContain(`only python3 on ${socket} is open`);
      expect(claim?.do).toContain(other);
    },
  );

  it('sees what a bridge of the host handed on, and not its port', () => {
    const lab = refusedAt(asking('to-host', 'tcp', 9001), 'host/br0');
    lab.listeners = [listener({ side: 'host', port: 9001, device: 'up0' })];
    expect(claimed(lab)?.what).toContain('the request came in by br0');
    lab.listeners = [listener({ side: 'host', port: 9001, device: 'br0' })];
    expect(claimed(lab)).toBeNull();
  });

  it('says of an interface that was removed that the program is to be started again', () => {
    const claim = claimed(refusedByB(4, [{ device: 'if7' }]));
    expect(claim?.what).toContain('an interface that is not there any more (index 7)');
    expect(claim?.do).toMatch(/^Start the program again/);
  });

  it('counts the VRF that the interface belongs to', () => {
    const lab = refusedByB(4, [{ device: 'red' }]);
    lab.stacks.other?.links.push(link(10, 'red', 'vrf') as never);
    expect(claimed(lab)?.what).toContain('the interface red only');
    for (const one of lab.stacks.other?.links ?? []) if (one.name === 'eth0') one.master = 'red';
    expect(claimed(lab)).toBeNull();
  });

  it('takes what a namespace asks of itself for coming by the interface that holds the address', () => {
    const lab = refusedAt(asking('outside', 'tcp', 80), 'container/lo');
    lab.flow.address = '10.88.0.2';
    lab.path.ending = 'container';
    lab.sightings = [];
    lab.listeners = [listener({ device: 'eth0' })];
    expect(claimed(lab)).toBeNull();
    lab.flow.address = '127.0.0.1';
    expect(claimed(lab)?.what).toContain('the request came in by lo');
  });

  it('is not told where another socket takes it, of another port, or where nothing was refused', () => {
    expect(claimed(refusedByB(4, [{ device: 'eth1' }, {}]))).toBeNull();
    expect(claimed(refusedByB(4, [{ device: 'eth1' }, { device: 'eth0' }]))).toBeNull();
    expect(claimed(refusedByB(4, [{ device: 'eth1', port: 81 }]))).toBeNull();
    expect(claimed(refusedByB(4, [{}]))).toBeNull();
    const lost = unanswered(asking('sibling', 'tcp', 80));
    lost.listeners = [listener({ side: 'other', device: 'eth1' })];
    expect(claimed(lost)).toBeNull();
  });
});
