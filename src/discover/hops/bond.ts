import type { Stack } from '../../model/stack.ts';
import { addressesOf, hopKind } from '../kind.ts';

const portsOf = ({ links }: Stack, name: string): string[] =>
  links.filter(({ master }) => master === name).map((link) => link.name);

/** Several cards as one; bonding.rst of the kernel's documentation. */
export default hopKind({
  kind: 'bond',
  about(link, stack) {
    const ports = portsOf(stack, link.name);
    const active = link.data.active_slave;
    const by =
      typeof active === 'string' ? `, by ${active}` : ports.length > 0 ? `, over ${ports.join(', ')}` : '';
    return `${addressesOf(link)}, ${String(link.data.mode ?? 'bond')}${by}`;
  },
  hides: (link, stack) => ({
    what: `by which port of ${link.name} the packets left`,
    because: `the bond chooses for every flow among ${portsOf(stack, link.name).join(', ') || 'its ports'}, and is watched as a whole`,
  }),
});
