import { inOrder } from '../words/order.ts';
import type { Command } from './command.ts';

const files = import.meta.glob<{ default: Command }>('./commands/*.ts', { eager: true });

/** Every command of the conversation, by name. */
export const commands: readonly Command[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => inOrder(a.name, b.name));

export const commandNamed = (name: string): Command | undefined =>
  commands.find((each) => each.name === name);
