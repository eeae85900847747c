import { hopKind } from '../kind.ts';

export default hopKind({
  kind: 'vxlan',
  about: (link) =>
    `vxlan ${String(link.data.id ?? '')}${link.master ? `, port of ${link.master}` : ''}`.trim(),
  hides: (link) => ({
    what: `what becomes of packets between ${link.name} and the other hosts of VXLAN ${String(link.data.id ?? '')}`.trim(),
    because: 'from there they travel inside UDP packets of the host, which were not followed',
  }),
});
