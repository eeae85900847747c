import type { Link } from '../../model/stack.ts';
import { hopKind } from '../kind.ts';

/** In external mode each packet brings its own: ip-link(8). */
const idOf = ({ data }: Pick<Link, 'data'>): string => (data.external === true ? '' : String(data.id ?? ''));

export default hopKind({
  kind: 'vxlan',
  about: (link) => `vxlan ${idOf(link)}${link.master ? `, port of ${link.master}` : ''}`.trim(),
  hides: (link) => ({
    what: `what becomes of packets between ${link.name} and the other hosts of VXLAN ${idOf(link)}`.trim(),
    because: 'from there they travel inside UDP packets of the host, which were not followed',
  }),
});
