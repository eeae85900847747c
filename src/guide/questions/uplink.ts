import { z } from 'zod';
import { cidr, networkOf } from '../network.ts';
import { question, value } from '../question.ts';
import type { World } from '../world.ts';
import { wrongAnswer } from '../wrong.ts';

/** The default route with the lowest metric. */
async function wayOut(world: World) {
  const { routes } = await world.stack();
  return routes
    .filter((route) => route.destination === '0.0.0.0/0' && route.table === 'main' && route.dev !== null)
    .sort((a, b) => a.metric - b.metric)[0];
}

export default question({
  name: 'uplink',
  does: "the host's interface to the outside",
  gives: {
    address: 'its IPv4 address',
    prefix: 'its prefix length',
    network: 'its network',
    gateway: "the default route's next hop",
    mtu: 'its MTU',
  },
  params: z.object({}),
  suggest: async (_, { world }) => (await wayOut(world))?.dev ?? null,
  async choices(_, { world }) {
    const links = (await world.stack()).links.filter((link) => link.name !== 'lo' && link.kind !== 'bridge');
    return links.map((link) => ({
      value: link.name,
      about: link.addresses.map((one) => `${one.address}/${one.prefix}`).join(' ') || 'no address',
    }));
  },
  async read(text, _, { world }) {
    const link = await world.link(undefined, text);
    if (!link || link.name === 'lo')
      throw wrongAnswer(
        text === ''
          ? 'This host has no default route, so its uplink is not known.'
          : `This host has no interface ${text} that leads outside.`,
        'ip -br address lists its interfaces; name the one that leads outside.',
      );
    const own = link.addresses.find((one) => one.family === 4);
    const route = await wayOut(world);
    const network = own ? networkOf(`${own.address}/${own.prefix}`) : null;
    return value(text, {
      mtu: String(link.mtu),
      ...(own && network ? { address: own.address, prefix: String(own.prefix), network: cidr(network) } : {}),
      ...(route?.dev === text && route.gateway ? { gateway: route.gateway } : {}),
    });
  },
});
