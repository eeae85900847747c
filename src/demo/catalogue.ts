/** Every fault the demo knows: one file each in faults/. */
import { wrongCall } from '../model/failure.ts';
import { inOrder } from '../words/order.ts';
import type { DemoFault } from './fault.ts';

const files = import.meta.glob<{ default: DemoFault }>('./faults/*.ts', { eager: true });

/** In alphabetical order. */
export const faults: readonly DemoFault[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => inOrder(a.id, b.id));

/** What `netdoctor demo` breaks when nothing is named. */
export const FIRST = 'ip-forward-off';

/** The fault with this id. @throws Failure that names the nearest ones. */
export function faultNamed(id: string): DemoFault {
  const found = faults.find((fault) => fault.id === id);
  if (found) return found;
  const words = new Set(id.split('-'));
  const shared = (fault: DemoFault): number => fault.id.split('-').filter((word) => words.has(word)).length;
  const near = faults
    .filter((fault) => shared(fault) > 0)
    .sort((a, b) => shared(b) - shared(a))
    .map((fault) => fault.id);
  throw wrongCall(
    'unknown-demo',
    `The demo cannot make a fault called "${id}".`,
    near.length > 0
      ? `Do you mean ${near.slice(0, 3).join(', ')}? \`netdoctor demo list\` shows all.`
      : '`netdoctor demo list` shows what it can make.',
  );
}
