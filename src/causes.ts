/** Every cause there is: the folder is the registry. */
import type { Cause } from './model/cause.ts';
import { inOrder } from './words/order.ts';

const files = import.meta.glob<Record<string, Cause | readonly Cause[]>>('./causes/*.ts', { eager: true });

/** A file holds one cause, or a close family of them. */
export const causes: readonly Cause[] = Object.values(files)
  .flatMap((file) => Object.values(file).flat())
  .filter((one) => typeof one === 'object' && 'examine' in one)
  .sort((a, b) => inOrder(a.id, b.id));

export const causeOf = (id: string): Cause | undefined => causes.find((cause) => cause.id === id);
