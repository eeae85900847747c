import { z } from 'zod';
import { contains, hosts, isAddress, type Network, networkOf, nth, usable } from '../network.ts';
import { type Asking, itemsOf, question, type Value } from '../question.ts';
import { isAnswered, takenAddresses } from '../used.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({
  for: z.array(z.string()),
  in: z.string(),
  device: z.string(),
  /** `top`: counted down from the network's end, where a runtime that gives from the bottom comes last. */
  from: z.enum(['bottom', 'top']).default('bottom'),
  /** Added to the place to start at, so that two hosts of one network choose differently. */
  offset: z.string().optional(),
});
type Params = z.infer<typeof params>;

const holders = (asked: Params, asking: Asking): readonly Value[] =>
  asked.for.flatMap((name) => itemsOf(asking.answer(name)));

function within(asked: Params, asking: Asking): { network: Network; gateway: string } {
  const { text, parts } = asking.answer(asked.in);
  const network = networkOf(parts.network ?? '');
  if (network) return { network, gateway: parts.gateway ?? '' };
  throw wrongAnswer(
    `${text} has no IPv4 address, so its network is not known.`,
    'Give it one, or choose another.',
  );
}

/** The address of that network which the container has already on that interface. */
async function present(
  holder: Value,
  network: Network,
  asked: Params,
  asking: Asking,
): Promise<string | null> {
  const link = await asking.world.link(holder.text, asking.answer(asked.device).text);
  const own = link?.addresses.find((one) => one.family === 4 && contains(network, one.address));
  return own?.address ?? null;
}

async function suggestions(asked: Params, asking: Asking): Promise<string[] | null> {
  const { network, gateway } = within(asked, asking);
  const start = asked.offset === undefined ? 0 : Number(asking.answer(asked.offset).text);
  const found: string[] = [];
  let n = 1 + start;
  for (const holder of holders(asked, asking)) {
    const has = await present(holder, network, asked, asking);
    const taken = new Set([...(await takenAddresses(asking.world, holder.text)).keys(), gateway]);
    const isFree = async (one: string): Promise<boolean> =>
      !taken.has(one) && !found.includes(one) && !(await isAnswered(one, asking.world));
    const next = (): string => nth(network, asked.from === 'top' ? -1 - n : n);
    while (has === null && n <= hosts(network) && !(await isFree(next()))) n += 1;
    if (has === null && n > hosts(network)) return null;
    found.push(has ?? next());
  }
  return found;
}

export default question({
  name: 'addresses',
  does: 'one free address for each container, comma between them',
  adds: {
    address: 'the address that it gets',
  },
  params,
  suggest: async (asked, asking) => (await suggestions(asked, asking))?.join(',') ?? null,
  async read(text, asked, asking) {
    const { network, gateway } = within(asked, asking);
    const items = holders(asked, asking);
    const addresses = text.split(',').map((one) => one.trim());
    if (addresses.length !== items.length)
      throw wrongAnswer(
        `There are ${items.length} containers and ${addresses.length} addresses.`,
        'Give one address for each, in the same order, with commas between.',
      );
    for (const [index, address] of addresses.entries()) {
      const item = items[index]!;
      if (!isAddress(address))
        throw wrongAnswer(`"${address}" is no IPv4 address.`, `Such as ${nth(network, 2)}`);
      const hint = `Free is ${(await suggestions(asked, asking))?.[index] ?? 'none'}.`;
      if (!usable(network, address))
        throw wrongAnswer(
          `${address} is no address for a host of ${asking.answer(asked.in).parts.network}.`,
          hint,
        );
      if (address === gateway) throw wrongAnswer(`${address} is the gateway's own address.`, hint);
      if (addresses.indexOf(address) !== index) throw wrongAnswer(`${address} is given twice.`, hint);
      if ((await present(item, network, asked, asking)) === address) continue;
      const owner = (await takenAddresses(asking.world, item.text)).get(address);
      if (owner !== undefined) throw wrongAnswer(`${address} is taken by ${owner}.`, hint);
      if (await isAnswered(address, asking.world))
        throw wrongAnswer(`${address} is taken: somebody on that network answers for it.`, hint);
    }
    items.forEach((item, index) => {
      item.parts.address = addresses[index]!;
      asking.world.promised.set(addresses[index]!, item.text);
    });
    return {
      text: addresses.join(','),
      parts: {},
      items: addresses.map((one) => ({ text: one, parts: {} })),
    };
  },
});
