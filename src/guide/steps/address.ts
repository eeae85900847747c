import { z } from 'zod';
import { text, where } from '../text.ts';
import { named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'address',
  does: 'gives an interface an address',
  params: z.object({ link: text, in: where, address: text }),
  title: ({ link, in: place, address }, world) => `Give ${named(link, place, world)} the address ${address}`,
  async check({ link, in: place, address }, world) {
    const name = named(link, place, world);
    const found = await world.link(place, link);
    if (!found) return notSo(`there is no ${name}`);
    const own = found.addresses.filter((one) => one.scope !== 'link');
    const has = own.map((one) => `${one.address}/${one.prefix}`);
    return has.includes(address) ? so('it has it') : notSo(`${name} has ${has.join(', ') || 'no address'}`);
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
