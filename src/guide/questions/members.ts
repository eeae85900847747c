import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { isPeer } from '../../model/stack.ts';
import { listTargets } from '../../targets/target.ts';
import { type Asking, question, type Value, value } from '../question.ts';
import { placeNamed } from '../target.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({ of: z.string(), min: z.number().default(2) });

/** A container's port of the bridge and its address there; null when it is not on the bridge. */
async function member(name: string, bridge: string, { world }: Asking): Promise<Value | null> {
  const place = await placeNamed(name, world);
  const inside = await world.stack(place.text);
  const ports = (await world.stack()).links.filter((link) => link.master === bridge);
  for (const port of ports) {
    const end = inside.links.find((link) => isPeer(port, link));
    if (!end) continue;
    const address = end.addresses.find((one) => one.family === 4)?.address;
    return value(place.text, {
      label: place.label,
      port: port.name,
      device: end.name,
      ...(address ? { address } : {}),
    });
  }
  return null;
}

async function all(bridge: string, asking: Asking): Promise<readonly Value[]> {
  const { candidates } = await listTargets(asking.world.machine);
  const found: Value[] = [];
  for (const { runtime, name } of candidates) {
    try {
      const one = await member(`${runtime}:${name}`, bridge, asking);
      if (one) found.push(one);
    } catch (error) {
      // A container that is stopped, or shares the host's network, is no member of any bridge.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return found;
}

export default question({
  name: 'members',
  does: 'containers on a bridge, comma between them',
  gives: {
    label: 'its name alone',
    port: "the name of the host's end of its veth pair",
    device: 'its interface on the bridge',
    address: 'its address there',
  },
  params,
  async suggest({ of, min }, asking) {
    const found = await all(asking.answer(of).text, asking);
    return found.length < min ? null : found.map((one) => one.text).join(',');
  },
  async choices({ of }, asking) {
    const found = await all(asking.answer(of).text, asking);
    return found.map((one) => ({
      value: one.text,
      about: `${one.parts.port} ${one.parts.address ?? ''}`.trim(),
    }));
  },
  async read(text, { of, min }, asking) {
    const bridge = asking.answer(of).text;
    const names = text.split(',').filter((name) => name.trim() !== '');
    if (names.length < min)
      throw wrongAnswer(
        `This needs at least ${min} containers on ${bridge}.`,
        'Write them with commas between: web,db',
      );
    const items: Value[] = [];
    for (const name of names) {
      const one = await member(name.trim(), bridge, asking);
      if (!one)
        throw wrongAnswer(
          `${name.trim()} is not on the bridge ${bridge}.`,
          `bridge link show master ${bridge}`,
        );
      items.push(one);
    }
    return { text: items.map((one) => one.text).join(','), parts: {}, items };
  },
});
