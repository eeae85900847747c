import { describe, expect, it } from 'vitest';
import { outerLinkFor, outerLinks } from '../../src/kernel/outer-links.ts';
import { healthy } from '../causes/scene.ts';

const uplinks = () => {
  const { host } = healthy().stacks;
  const up0 = host.links.find(({ name }) => name === 'up0')!;
  const default0 = host.routes.find((one) => one.family === 4 && one.dev === 'up0' && one.gateway !== null)!;
  const address = { ...up0.addresses.find(({ family }) => family === 4)!, address: '192.168.77.1' };
  const up1 = { ...up0, name: 'up1', ifindex: 91, addresses: [address] };
  return { host, up0, up1, default0 };
};

describe('by which interfaces somebody outside may come in', () => {
  it('those that hold an address, and no bridge of containers alone', () => {
    const { host } = uplinks();
    expect(outerLinks(host, 4).map(({ name }) => name)).toEqual(['up0']);
  });

  it('the default route of the main table is likelier than one that a rule chooses, wherever each is listed', () => {
    const { host, up1, default0 } = uplinks();
    const chosen = { ...default0, dev: 'up1', table: '2', metric: 0 };
    const both = { ...host, links: [up1, ...host.links], routes: [chosen, ...host.routes] };
    expect(outerLinks(both, 4).map(({ name }) => name)).toEqual(['up0', 'up1']);
    expect(outerLinkFor(both, '203.0.113.9', 4)?.name).toBe('up0');
    expect(outerLinkFor(both, '192.168.77.1', 4)?.name).toBe('up1');
  });

  it('without any default route an address is enough', () => {
    const { host } = uplinks();
    const islands = { ...host, routes: host.routes.filter(({ destination }) => !/\/0$/.test(destination)) };
    expect(outerLinks(islands, 4).map(({ name }) => name)).toEqual(['up0']);
    expect(outerLinkFor(islands, '203.0.113.9', 4)).toBeUndefined();
  });
});
