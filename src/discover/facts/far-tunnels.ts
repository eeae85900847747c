import { describe, encapOf } from '../../kernel/tunnel.ts';
import { known } from '../../model/answer.ts';
import { isTunnel } from '../../model/path.ts';
import { type Link, linkByIndex } from '../../model/stack.ts';
import { fact } from '../fact.ts';
import { namespaces } from '../path/namespaces.ts';
import { holds } from '../path/owner.ts';
import { readStack } from '../stack.ts';

/** Tunnels of the other end, where that is a namespace of this host; none where it is elsewhere. Source: ip-link(8). */
export default fact({
  name: 'farTunnels',
  async gather(machine, { path, flow, stacks }) {
    const hop = path.hops.find(({ kind, where }) => where === 'host' && isTunnel(kind));
    const link = hop && (linkByIndex(stacks.host, hop.link.ifindex) ?? hop.link);
    const remote = link && describe(link, encapOf({ path, flow }, link)).remote;
    if (!remote) return known<readonly Link[]>([], []);
    const far = namespaces(machine).find(
      (netns) => netns.inode !== machine.self.inode && holds(machine, netns, remote) === true,
    );
    const stack = far && (await readStack(machine, far));
    const links = stack?.known ? stack.value.links.filter(({ kind }) => isTunnel(kind)) : [];
    return known(links, ['ip', '-d', 'link', 'show', 'type', link.kind]);
  },
});
