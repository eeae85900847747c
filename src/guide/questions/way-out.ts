import { z } from 'zod';
import { contains, networkOf, nth } from '../network.ts';
import { type Asking, question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

interface Way {
  readonly device: string;
  readonly gateway: string;
  readonly about: string;
}

/** Each network of the container, with the router it has there: its old default route's, or the host's bridge. */
async function ways(of: string, { world, answer }: Asking): Promise<readonly Way[]> {
  const { text } = answer(of);
  const { links, routes } = await world.stack(text);
  const host = await world.stack();
  const bridges = host.links.filter((link) => link.kind === 'bridge').flatMap((link) => link.addresses);
  return links.flatMap((link) => {
    const own = link.addresses.find((one) => one.family === 4);
    const network = own ? networkOf(`${own.address}/${own.prefix}`) : null;
    if (!own || !network || link.name === 'lo') return [];
    const gateway =
      routes.find((route) => route.destination === '0.0.0.0/0' && route.dev === link.name)?.gateway ??
      bridges.find((one) => one.family === 4 && contains(network, one.address))?.address ??
      nth(network, 1);
    return [{ device: link.name, gateway, about: `${own.address}/${own.prefix}, by ${gateway}` }];
  });
}

export default question({
  name: 'way-out',
  does: "which of the container's networks leads outside",
  gives: {
    device: 'the interface',
    gateway: 'the router of that network',
  },
  params: z.object({ of: z.string() }),
  async suggest({ of }, asking) {
    const { routes } = await asking.world.stack(asking.answer(of).text);
    const all = await ways(of, asking);
    const now = routes.find((route) => route.destination === '0.0.0.0/0')?.dev;
    return now ?? all[0]?.device ?? null;
  },
  choices: async ({ of }, asking) =>
    (await ways(of, asking)).map(({ device, about }) => ({ value: device, about })),
  async read(text, { of }, asking) {
    const all = await ways(of, asking);
    const way = all.find((one) => one.device === text);
    if (way) return value(text, { device: way.device, gateway: way.gateway });
    const label = asking.answer(of).parts.label;
    throw wrongAnswer(
      all.length === 0
        ? `${label} is in no network.`
        : `${label} has no network on ${text || 'that interface'}.`,
      all.length === 0
        ? `Connect it first: netdoctor setup attach-docker0 --set container=${label}`
        : `Choose ${all.map((one) => one.device).join(' or ')}.`,
    );
  },
});
