import { z } from 'zod';
import { text, where } from '../text.ts';
import { named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'address',
  does: 'gives an interface an address',
  params: z.object({ link: text, in: where, address: text }),
  title: ({ link, in: place, address }, world) => `Give ${named(link, place, world)} the address ${address}`,
  async check({ link, in: place, address }, world) {
    const own = (await world.link(place, link))?.addresses ?? [];
    return own.some((one) => `${one.address}/${one.prefix}` === address) ? so('it has it') : notSo;
  },
  async apply({ link, in: place, address }, world) {
    return [
      {
        apply: world.change(place, ['ip', 'addr', 'add', address, 'dev', link]),
        undo: world.change(place, ['ip', 'addr', 'del', address, 'dev', link]),
      },
    ];
  },
});
