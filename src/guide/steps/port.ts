import { z } from 'zod';
import { text } from '../text.ts';
import { notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'port',
  does: 'plugs an interface of the host into a bridge',
  params: z.object({ link: text, bridge: text }),
  title: ({ link, bridge }) => `Plug ${link} into ${bridge}`,
  async check({ link, bridge }, world) {
    const found = await world.link(undefined, link);
    if (!found) return notSo(`there is no ${link}`);
    return found.master === bridge
      ? so(`${link} is a port of ${bridge}`)
      : notSo(`${link} is a port of ${found.master ?? 'no bridge'}`);
  },
  async apply({ link, bridge }, world) {
    const before = (await world.link(undefined, link))?.master ?? null;
    return [
      {
        apply: world.change(undefined, ['ip', 'link', 'set', 'dev', link, 'master', bridge]),
        undo: world.change(undefined, [
          'ip',
          'link',
          'set',
          link,
          ...(before === null ? ['nomaster'] : ['master', before]),
        ] as ['ip', ...string[]]),
      },
    ];
  },
});
