import { z } from 'zod';
import { isPeer } from '../../model/stack.ts';
import { shellLine } from '../../words/text.ts';
import { type Asking, question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({ of: z.string() });

async function addresses(of: string, { world, answer }: Asking) {
  const { links } = await world.stack(answer(of).text);
  return links
    .filter((link) => link.name !== 'lo')
    .flatMap((link) =>
      link.addresses.filter((one) => one.family === 4).map((one) => ({ ...one, link: link.name })),
    );
}

export default question({
  name: 'container-address',
  does: 'an address that the container has',
  gives: {
    bridge: 'the bridge by which the host reaches it',
    device: 'the interface that has it',
    port: "the name of the host's end of its veth pair",
    prefix: 'its prefix length',
  },
  params,
  suggest: async ({ of }, asking) => (await addresses(of, asking))[0]?.address ?? null,
  choices: async ({ of }, asking) =>
    (await addresses(of, asking)).map((one) => ({ value: one.address, about: one.link })),
  async read(text, { of }, asking) {
    const { world, answer } = asking;
    const own = await addresses(of, asking);
    const label = answer(of).parts.label;
    const found = own.find((one) => one.address === text);
    if (!found)
      throw wrongAnswer(
        text === '' ? `${label} has no IPv4 address.` : `${label} does not have the address ${text}.`,
        own.length > 0
          ? `It has ${own.map((one) => one.address).join(', ')}.`
          : `Connect it first: ${shellLine(['netdoctor', 'setup', 'bridge-nat', '--set', `containers=${label}`])}`,
      );
    const route = await world.look(undefined, ['ip', '-j', 'route', 'get', text]);
    const dev =
      route.known && route.value.code === 0 ? (JSON.parse(route.value.stdout)[0]?.dev as string) : undefined;
    const link = dev === undefined ? undefined : await world.link(undefined, dev);
    if (!dev || dev === 'lo' || link?.kind !== 'bridge')
      throw wrongAnswer(
        `The host reaches ${text} by ${dev ?? 'no route'}, not by a bridge.`,
        `ip route get ${text} shows the way.`,
      );
    const inside = await world.link(answer(of).text, found.link);
    const port = (await world.stack()).links.find((one) => inside && isPeer(one, inside));
    return value(text, {
      bridge: dev,
      device: found.link,
      prefix: String(found.prefix),
      ...(port ? { port: port.name } : {}),
    });
  },
});
