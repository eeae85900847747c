import { z } from 'zod';
import { text } from '../text.ts';
import { notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'isolate',
  does: 'keeps a port of a bridge apart from the other isolated ports, or lets it join them again',
  params: z.object({ link: text, on: text }),
  title: ({ link, on }) =>
    on === 'on' ? `Isolate the port ${link}` : `End the isolation of the port ${link}`,
  async check({ link, on }, world) {
    const port = (await world.link(undefined, link))?.port;
    if (!port) return notSo(`${link} is a port of no bridge`);
    const now = port.isolated ? 'on' : 'off';
    return now === on ? so(`isolation is ${on}`) : notSo(`isolation of ${link} is ${now}`);
  },
  async apply({ link, on }, world) {
    const set = (value: string) =>
      world.change(undefined, ['bridge', 'link', 'set', 'dev', link, 'isolated', value]);
    return [{ apply: set(on), undo: set(on === 'on' ? 'off' : 'on') }];
  },
});
