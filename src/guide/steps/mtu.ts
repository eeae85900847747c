import { z } from 'zod';
import { text, where } from '../text.ts';
import { named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'mtu',
  does: "sets an interface's MTU",
  params: z.object({ link: text, in: where, mtu: text }),
  title: ({ link, in: place, mtu }, world) => `Set the MTU of ${named(link, place, world)} to ${mtu}`,
  async check({ link, in: place, mtu }, world) {
    const name = named(link, place, world);
    const now = (await world.link(place, link))?.mtu;
    if (now === undefined) return notSo(`there is no ${name}`);
    return now === Number(mtu) ? so(`it is ${mtu}`) : notSo(`the MTU of ${name} is ${now}`);
  },
  async apply({ link, in: place, mtu }, world) {
    const before = (await world.link(place, link))?.mtu;
    const set = (value: string) => world.change(place, ['ip', 'link', 'set', 'dev', link, 'mtu', value]);
    return [{ apply: set(mtu), undo: before === undefined ? null : set(String(before)) }];
  },
});
