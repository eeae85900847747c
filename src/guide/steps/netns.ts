import { z } from 'zod';
import { text } from '../text.ts';
import { notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'netns',
  does: 'makes a bare network namespace, where the answer named a new one',
  params: z.object({ name: text }),
  title: ({ name }, world) => `Make the network namespace ${world.place(name).label}`,
  async check({ name }, world) {
    const place = world.place(name);
    return world.exists(place)
      ? so(`${place.label} is there`)
      : notSo(`there is no namespace ${place.label}`);
  },
  async apply({ name }, world) {
    const { label } = world.place(name);
    return [
      {
        apply: world.change(undefined, ['ip', 'netns', 'add', label]),
        undo: world.change(undefined, ['ip', 'netns', 'del', label]),
      },
    ];
  },
});
