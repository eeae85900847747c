/** Causes in a container that others leave by: its kernel forwards, and is asked and mended like the host's. */
import { describe, expect, it } from 'vitest';
import { forwarding } from '../../src/kernel/forwarding.ts';
import { placeAt } from '../../src/model/place.ts';
import { linkNow } from '../../src/model/scene.ts';
import { commands, examine } from './examine.ts';
import { MAC, netns } from './lab-state.ts';
import { dropped, healthy, type Lab, lostAt } from './scene.ts';

describe('a container that others leave by', () => {
  /** A's packets are handed to B, whose kernel is to pass them on. */
  function handedToB(): Lab {
    const lab = lostAt(healthy('sibling'), 4);
    lab.path.ending = 'outside';
    lab.path.stages = ['send', 'wire', 'bridge', 'wire', 'forward', 'forward', 'beyond'];
    const out = healthy('outside').path.hops.slice(2);
    lab.path.hops.push(...(out as never[]));
    lab.place = placeAt(lab.path as never, 4, 'request') as never;
    return lab;
  }

  it('is asked whether it forwards, and mended there', () => {
    const lab = handedToB();
    expect(examine('ip-forward-off', lab)).toBeNull();
    lab.sysctls.other['net.ipv4.ip_forward'] = '0';
    const claim = examine('ip-forward-off', lab);
    expect(claim?.what).toContain('in the other container, which is the gateway');
    expect(commands(claim).apply.join()).toMatch(/lab-b.*sysctl -w net\.ipv4\.ip_forward=1$/);
    expect(claim?.fixes?.[0]?.persist).toBeUndefined();
    expect(examine('ip-forward-off', dropped(lab, 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
  });

  it('is asked where it knows no way on, and not where packets went beyond without its kernel', () => {
    const lab = handedToB();
    lab.sysctls.other['net.ipv4.ip_forward'] = '0';
    lab.path.hops = lab.path.hops.slice(0, 4);
    const at = (stage: string) => {
      lab.path.stages = ['send', 'wire', 'bridge', 'wire', stage as never];
      lab.place = placeAt(lab.path as never, 4, 'request') as never;
      return examine('ip-forward-off', lab);
    };
    expect(at('forward')).not.toBeNull();
    expect(at('beyond')).toBeNull();
  });

  it('is said to have no route where its own tables lack one', () => {
    const lab = handedToB();
    lab.path.realDestination = '198.51.100.1';
    expect(examine('container-no-route', lab)).toBeNull();
    lab.stacks.other!.routes = lab.stacks.other!.routes.filter(
      ({ destination }) => destination !== '0.0.0.0/0',
    );
    expect(examine('container-no-route', lab)).toMatchObject({
      sure: 'supported',
      what: expect.stringContaining('the other container, which is the gateway, has no route'),
    });
    expect(examine('container-no-route', dropped(lab, 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
  });

  it('is asked about its own interface too', () => {
    const lab = handedToB();
    lab.sysctls.other['net.ipv4.conf.eth0.forwarding'] = '0';
    const claim = examine('interface-forwarding-off', lab);
    expect(claim?.why).toContain('to the kernel of the other container');
    expect(commands(claim).undo.join()).toMatch(/lab-b.*eth0\.forwarding=0$/);
  });

  it('decides by its own tables, and not by those of the host', () => {
    const lab = handedToB();
    expect(forwarding(lab as never)).toBeUndefined();
    lab.sysctls.host['net.ipv4.ip_forward'] = '0';
    expect(examine('ip-forward-off', lab)).toBeNull();
  });

  it('keeps the link of another namespace than the one whose state is kept', () => {
    const lab = handedToB();
    const elsewhere = {
      ...lab.path.hops[3]!,
      netns: netns('lab-d', 999),
      link: { ...lab.path.hops[3]!.link, mac: 'x' },
    };
    expect(linkNow(lab as never, elsewhere as never)?.mac).toBe('x');
    expect(linkNow(lab as never, lab.path.hops[3] as never)?.mac).toBe(MAC.b);
  });
});
