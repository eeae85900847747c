import { z } from 'zod';
import { isPeer } from '../../model/stack.ts';
import { text, where } from '../text.ts';
import { impossible, named, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'veth',
  does: 'lays a veth pair: one end here, the other in another namespace',
  params: z.object({ name: text, in: where, peer: text, to: text }),
  title: ({ name, in: place, peer, to }, world) =>
    `Lay a veth pair from ${named(name, place, world)} to ${named(peer, to, world)}`,
  async check(params, world) {
    const [here, there] = [
      await world.link(params.in, params.name),
      await world.link(params.to, params.peer),
    ];
    if (!here && !there) return notSo(`there is no ${named(params.name, params.in, world)}`);
    if (here && there && isPeer(here, there)) return so('the pair is laid');
    const taken = here ? named(params.name, params.in, world) : named(params.peer, params.to, world);
    return impossible(
      `${taken} is there already and is not an end of this pair.`,
      'Choose another interface name, or take the other one away first.',
    );
  },
  async apply({ name, in: place, peer, to }, world) {
    const far = world.place(to).path;
    const home = far === null ? [] : ['netns', far];
    return [
      {
        apply: world.change(place, [
          'ip',
          'link',
          'add',
          name,
          'type',
          'veth',
          'peer',
          'name',
          peer,
          ...home,
        ]),
        undo: world.change(place, ['ip', 'link', 'del', 'dev', name]),
      },
    ];
  },
});
