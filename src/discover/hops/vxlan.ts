import { hopKind } from '../kind.ts';

export default hopKind({
  kind: 'vxlan',
  about: (link) =>
    `vxlan ${String(link.data.id ?? '')}${link.master ? `, port of ${link.master}` : ''}`.trim(),
});
