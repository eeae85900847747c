import { z } from 'zod';
import type { Link } from '../../model/stack.ts';
import { checkLinkName } from '../link-name.ts';
import { cidr, networkOf } from '../network.ts';
import { question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({
  /** May the recipe make it? Else it must be there. */
  new: z.boolean().default(false),
  default: z.string().optional(),
});

/** What an existing bridge tells about the network of its containers. */
function parts(link: Link | undefined): Record<string, string> {
  const address = link?.addresses.find((one) => one.family === 4);
  if (!address) return {};
  const network = networkOf(`${address.address}/${address.prefix}`)!;
  return { gateway: address.address, prefix: String(address.prefix), network: cidr(network) };
}

export default question({
  name: 'bridge',
  does: 'a bridge of this host, or the name of a new one',
  gives: {
    gateway: 'the address of a bridge that is there',
    prefix: 'its prefix length',
    network: 'its network',
  },
  params,
  async suggest(asked, { world }) {
    const bridges = (await world.stack()).links.filter((link) => link.kind === 'bridge');
    if (asked.new) return asked.default ?? 'br-nd';
    const known =
      bridges.find((link) => link.name === asked.default) ??
      bridges.find((link) => link.addresses.length > 0);
    return known?.name ?? null;
  },
  async choices(_, { world }) {
    const bridges = (await world.stack()).links.filter((link) => link.kind === 'bridge');
    return bridges.map((link) => ({
      value: link.name,
      about: link.addresses.map((one) => `${one.address}/${one.prefix}`).join(' ') || 'no address',
    }));
  },
  async read(text, asked, { world }) {
    checkLinkName(text);
    const link = await world.link(undefined, text);
    if (link && link.kind !== 'bridge')
      throw wrongAnswer(`${text} is there and is no bridge, it is ${link.kind}.`, 'Choose another name.');
    if (!link && !asked.new) {
      const names = (await world.stack()).links.filter((one) => one.kind === 'bridge').map((one) => one.name);
      throw wrongAnswer(
        `This host has no bridge called ${text}.`,
        names.length > 0 ? `There is ${names.join(', ')}.` : 'Make one first: netdoctor setup bridge-nat',
      );
    }
    return value(text, parts(link));
  },
});
