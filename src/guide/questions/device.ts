import { z } from 'zod';
import type { Link } from '../../model/stack.ts';
import { checkLinkName } from '../link-name.ts';
import { joined } from '../pairs.ts';
import { type Asking, itemsOf, question, type Value, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({
  for: z.array(z.string()),
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
  const port = await world.link(undefined, holder.parts.port ?? '');
  if (port && joined(link, port)) return true;
  if (asked.for.length < 2) return false;
  const others = holders(asked, asking).filter((other) => other.text !== holder.text);
  for (const other of others) {
    const far = await world.link(other.text, link.name);
    if (far && joined(link, far)) return true;
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

export default question({
  name: 'device',
  does: 'the name of the new interface inside the containers',
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
    return value(text);
  },
});
