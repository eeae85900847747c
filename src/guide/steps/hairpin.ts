import { z } from 'zod';
import { text } from '../text.ts';
import { notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'hairpin',
  does: 'lets a port of a bridge send a frame back to where it came from',
  params: z.object({ link: text }),
  title: ({ link }) => `Let ${link} hear what comes from itself`,
  check: async ({ link }, world) =>
    (await world.link(undefined, link))?.port?.hairpin
      ? so('hairpin mode is on')
      : notSo(`hairpin mode of ${link} is off`),
  async apply({ link }, world) {
    const set = (value: string) =>
      world.change(undefined, ['bridge', 'link', 'set', 'dev', link, 'hairpin', value]);
    return [{ apply: set('on'), undo: set('off') }];
  },
});
