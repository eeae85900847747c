import { z } from 'zod';
import { isPeer, type Link } from '../../model/stack.ts';
import { checkLinkName } from '../link-name.ts';
import { portName, portOf } from '../port-name.ts';
import { type Asking, itemsOf, question, type Value, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({
  for: z.array(z.string()),
  /** The bridge that the host's ends of the pairs go into. */
  bridge: z.string().optional(),
  /** The host's interface that a macvlan or ipvlan belongs to. */
  parent: z.string().optional(),
});
type Params = z.infer<typeof params>;

const holders = (asked: Params, asking: Asking): readonly Value[] =>
  asked.for.flatMap((name) => itemsOf(asking.answer(name)));

/** Is this interface one that an earlier run of the recipe made? */
async function ours(link: Link, holder: Value, asked: Params, asking: Asking): Promise<boolean> {
  const { world } = asking;
  if (asked.parent !== undefined) {
    const parent = await world.link(undefined, asking.answer(asked.parent).text);
    return (link.kind === 'macvlan' || link.kind === 'ipvlan') && link.link === parent?.ifindex;
  }
  if (asked.bridge !== undefined) {
    const bridge = asking.answer(asked.bridge).text;
    return (await portOf(link, world.place(holder.text), bridge, world)) !== null;
  }
  const others = holders(asked, asking).filter((other) => other.text !== holder.text);
  for (const other of others) {
    const far = await world.link(other.text, link.name);
    if (far && isPeer(link, far)) return true;
  }
  return false;
}

async function occupied(name: string, asked: Params, asking: Asking): Promise<string | null> {
  for (const holder of holders(asked, asking)) {
    const link = await asking.world.link(holder.text, name);
    if (link && !(await ours(link, holder, asked, asking))) return holder.parts.label ?? holder.text;
  }
  return null;
}

async function free(asked: Params, asking: Asking): Promise<string> {
  for (let n = 0; ; n += 1) if ((await occupied(`eth${n}`, asked, asking)) === null) return `eth${n}`;
}

/** Each container's port of the bridge: the one that an earlier run made, or a free name. */
async function namePorts(device: string, asked: Params, asking: Asking): Promise<void> {
  if (asked.bridge === undefined) return;
  const { world } = asking;
  const bridge = asking.answer(asked.bridge).text;
  const used: string[] = [];
  for (const holder of holders(asked, asking)) {
    const place = world.place(holder.text);
    const end = await world.link(holder.text, device);
    const port = (end && (await portOf(end, place, bridge, world))) ?? (await portName(place, world, used));
    holder.parts.port = port;
    used.push(port);
  }
}

export default question({
  name: 'device',
  does: 'the name of the new interface inside the containers',
  adds: {
    port: "the name of the host's end of its veth pair",
  },
  params,
  suggest: free,
  async read(text, asked, asking) {
    checkLinkName(text);
    const holder = await occupied(text, asked, asking);
    if (holder !== null)
      throw wrongAnswer(
        `${holder} has an interface called ${text} already.`,
        `Free is ${await free(asked, asking)}.`,
      );
    await namePorts(text, asked, asking);
    return value(text);
  },
});
