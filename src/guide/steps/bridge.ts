import { z } from 'zod';
import { text } from '../text.ts';
import { impossible, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'bridge',
  does: 'makes a bridge on the host',
  params: z.object({ name: text }),
  title: ({ name }) => `Make the bridge ${name}`,
  async check({ name }, world) {
    const link = await world.link(undefined, name);
    if (!link) return notSo(`there is no ${name}`);
    if (link.kind === 'bridge') return so(`${name} is a bridge already`);
    return impossible(
      `${name} is there and is no bridge, it is ${link.kind}.`,
      'Choose another name for the bridge.',
    );
  },
  async apply({ name }, world) {
    return [
      {
        apply: world.change(undefined, ['ip', 'link', 'add', name, 'type', 'bridge']),
        undo: world.change(undefined, ['ip', 'link', 'del', 'dev', name]),
      },
    ];
  },
});
