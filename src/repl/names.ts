/** The words completion offers: live from the machine, the case and the tables. */

import type { Run } from '../output/run.ts';
import { plain } from '../words/text.ts';
import type { Command, Slot } from './command.ts';

export interface Names {
  readonly commands: readonly Pick<Command, 'name' | 'does'>[];
  readonly targets: readonly string[];
  readonly causes: readonly { readonly id: string; readonly title: string }[];
  readonly recipes: readonly { readonly name: string; readonly title: string }[];
  readonly settings: readonly { readonly name: string; readonly does: string }[];
  readonly last: Run | null;
}

export interface Choice {
  readonly text: string;
  /** A few words beside it; may be empty. */
  readonly about: string;
}

const choice = (text: string, about = ''): Choice => ({ text: plain(text), about: plain(about) });

function destinations(names: Names): Choice[] {
  const gateway = names.last?.path?.sourceRoute.gateway;
  const asked = names.last?.flow?.to;
  return [
    ...(asked ? [choice(asked, 'asked before')] : []),
    choice('gateway', gateway ? `the default route: ${gateway}` : 'the container’s default route'),
    choice('host', 'this host'),
    ...names.targets.map((target) => choice(`container:${target}`, 'another container')),
  ];
}

/** How a hop is called on the command line: its number, name or id. */
const hopChoices = ({ last }: Names): Choice[] =>
  (last?.path?.hops ?? []).map((hop, index) => choice(String(index + 1), `${hop.name}, ${hop.where}`));

/** What can fill a place of the line. */
export function fill(slot: Slot, names: Names): Choice[] {
  switch (slot) {
    case 'command':
      return names.commands.map(({ name, does }) => choice(name, does));
    case 'target':
      return names.targets.map((target) => choice(target, 'container'));
    case 'hop':
      return hopChoices(names);
    case 'cause':
      return names.causes.map(({ id, title }) => choice(id, title));
    case 'recipe':
      return names.recipes.map(({ name, title }) => choice(name, title));
    case 'destination':
      return destinations(names);
    case 'setting':
      return names.settings.map(({ name, does }) => choice(name, does));
    case 'file':
      return [];
    default:
      return slot.words.map((word) => choice(word));
  }
}
