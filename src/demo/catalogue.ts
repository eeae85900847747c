/** Every fault the demo knows: one file each in faults/. */
import { wrongCall } from '../model/failure.ts';
import type { DemoFault } from './fault.ts';

const files = import.meta.glob<{ default: DemoFault }>('./faults/*.ts', { eager: true });

/** In alphabetical order. */
export const faults: readonly DemoFault[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => a.id.localeCompare(b.id));

/** What `netdoctor demo` breaks when nothing is named. */
export const FIRST = 'ip-forward-off';

/** The fault with this id. @throws Failure that names the nearest ones. */
export function faultNamed(id: string): DemoFault {
  const found = faults.find((fault) => fault.id === id);
  if (found) return found;
  const words = id.split('-').filter((word) => word.length > 2);
  const near = faults
    .filter((fault) => words.some((word) => fault.id.includes(word)))
    .map((fault) => fault.id);
  throw wrongCall(
    'unknown-demo',
    `The demo cannot make a fault called "${id}".`,
    near.length > 0
      ? `Do you mean ${near.slice(0, 4).join(', ')}? \`netdoctor demo list\` shows all.`
      : '`netdoctor demo list` shows what it can make.',
  );
}
