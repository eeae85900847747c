import { z } from 'zod';
import { text, where } from '../text.ts';
import { named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'up',
  does: 'switches an interface on',
  params: z.object({ link: text, in: where }),
  title: ({ link, in: place }, world) => `Switch on ${named(link, place, world)}`,
  async check({ link, in: place }, world) {
    const name = named(link, place, world);
    const found = await world.link(place, link);
    return found?.up ? so('it is on') : notSo(found ? `${name} is off` : `there is no ${name}`);
  },
  async apply({ link, in: place }, world) {
    return [
      {
        apply: world.change(place, ['ip', 'link', 'set', 'dev', link, 'up']),
        undo: world.change(place, ['ip', 'link', 'set', 'dev', link, 'down']),
      },
    ];
  },
});
