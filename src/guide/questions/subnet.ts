import { z } from 'zod';
import { cidr, contains, dotted, type Network, networkOf, nth, sizeOf } from '../network.ts';
import { type Asking, itemsOf, question, value } from '../question.ts';
import { networkUser } from '../used.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({
  /** The bridge, or the device of the containers, that has it already when the recipe runs again. */
  bridge: z.string().optional(),
  device: z.string().optional(),
  for: z.array(z.string()).default([]),
  /** Does its first address belong to a gateway? */
  gateway: z.boolean().default(true),
  default: z.string().default('10.10.0.0/24'),
});
type Params = z.infer<typeof params>;

/** Interfaces whose routes are the recipe's own, as `PLACE DEVICE`. */
function own(asked: Params, asking: Asking): ReadonlySet<string> {
  const bridge = asked.bridge === undefined ? [] : [`host ${asking.answer(asked.bridge).text}`];
  const device = asked.device === undefined ? null : asking.answer(asked.device).text;
  const inside = asked.for.flatMap((name) =>
    itemsOf(asking.answer(name)).map((item) => `${item.text} ${device}`),
  );
  return new Set([...bridge, ...inside]);
}

/** The network that an earlier run gave to the same interfaces. */
async function present(asked: Params, asking: Asking): Promise<string | null> {
  for (const name of own(asked, asking)) {
    const [place, device] = name.split(' ') as [string, string];
    const address = (await asking.world.link(place, device))?.addresses.find((one) => one.family === 4);
    if (address) return cidr(networkOf(`${address.address}/${address.prefix}`)!);
  }
  return null;
}

async function free(asked: Params, asking: Asking): Promise<string | null> {
  let network: Network | null = networkOf(asked.default);
  const pool = networkOf('10.0.0.0/8')!;
  while (network !== null && contains(pool, dotted(network.first))) {
    if ((await networkUser(network, asking.world, own(asked, asking))) === null) return cidr(network);
    network = { ...network, first: network.first + sizeOf(network) };
  }
  return null;
}

export default question({
  name: 'subnet',
  does: 'a free IPv4 network; its first address is the gateway',
  gives: {
    gateway: 'its first address',
    prefix: 'its prefix length',
    network: 'the same as the answer',
  },
  params,
  suggest: async (asked, asking) => (await present(asked, asking)) ?? (await free(asked, asking)),
  async read(text, asked, asking) {
    const network = networkOf(text);
    if (!network || !text.includes('/'))
      throw wrongAnswer(`"${text}" is no IPv4 network.`, `An example: ${asked.default}`);
    if (cidr(network) !== text)
      throw wrongAnswer(`${text} is an address within a network.`, `The network is ${cidr(network)}.`);
    if (network.prefix > 30 || network.prefix < 8)
      throw wrongAnswer(
        `A network with prefix length ${network.prefix} is too ${network.prefix > 30 ? 'small' : 'big'}.`,
        'Choose a prefix length between 8 and 30.',
      );
    const user = await networkUser(network, asking.world, own(asked, asking));
    if (user !== null)
      throw wrongAnswer(
        `${text} is in use: ${user}.`,
        `Free is ${(await free(asked, asking)) ?? 'another one'}.`,
      );
    return value(text, {
      network: text,
      prefix: String(network.prefix),
      ...(asked.gateway ? { gateway: nth(network, 1) } : {}),
    });
  },
});
