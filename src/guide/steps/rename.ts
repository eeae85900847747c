import { z } from 'zod';
import { text, where } from '../text.ts';
import { impossible, named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'rename',
  does: 'gives an interface another name; it is down for that moment',
  params: z.object({ from: text, to: text, in: where }),
  title: ({ from, to, in: place }, world) => `Rename ${named(from, place, world)} to ${to}`,
  async check({ from, to, in: place }, world) {
    const [old, wanted] = [await world.link(place, from), await world.link(place, to)];
    if (wanted && !old) return so(`it is called ${to}`);
    if (wanted)
      return impossible(`${named(to, place, world)} is there already.`, 'Choose another interface name.');
    return notSo(`there is no ${named(to, place, world)}`);
  },
  async apply({ from, to, in: place }, world) {
    const up = (await world.link(place, from))?.up === true;
    const set = (link: string, ...rest: string[]) =>
      world.change(place, ['ip', 'link', 'set', 'dev', link, ...rest]);
    return [
      // The kernel renames only what is down (since 6.2 also what is up, not on every driver).
      ...(up ? [{ apply: set(from, 'down'), undo: set(from, 'up') }] : []),
      { apply: set(from, 'name', to), undo: set(to, 'name', from) },
      ...(up ? [{ apply: set(to, 'up'), undo: set(to, 'down') }] : []),
    ];
  },
});
