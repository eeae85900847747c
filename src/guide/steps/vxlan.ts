import { z } from 'zod';
import { text } from '../text.ts';
import { impossible, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'vxlan',
  does: 'makes a tunnel end that carries Ethernet frames to another host by UDP',
  params: z.object({ name: text, id: text, local: text, remote: text, port: text, dev: text }),
  title: ({ name, id, remote }) => `Make ${name}, the tunnel number ${id} to ${remote}`,
  async check({ name, id, remote }, world) {
    const link = await world.link(undefined, name);
    if (!link) return notSo(`there is no ${name}`);
    if (link.kind === 'vxlan' && String(link.data.id) === id && link.data.remote === remote)
      return so('it is there');
    return impossible(
      `${name} is there already and is not this tunnel.`,
      'Choose another name for the tunnel, or take the old one away first.',
    );
  },
  async apply({ name, id, local, remote, port, dev }, world) {
    return [
      {
        apply: world.change(undefined, [
          ...['ip', 'link', 'add', name, 'type', 'vxlan', 'id', id],
          ...['local', local, 'remote', remote, 'dstport', port, 'dev', dev],
        ] as ['ip', ...string[]]),
        undo: world.change(undefined, ['ip', 'link', 'del', 'dev', name]),
      },
    ];
  },
});
