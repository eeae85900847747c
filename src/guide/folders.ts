/** The folders of recipes, and what lies in them; a recipe itself is read elsewhere, since that takes longer. */
import type { Machine } from '../host/machine.ts';
import { packageRoot } from '../host/package.ts';
import { inOrder } from '../words/order.ts';

export interface Shelved {
  readonly name: string;
  readonly file: string;
  /** Netdoctor's own, or somebody else's. */
  readonly own: boolean;
}

const folders = ({ env }: Machine): readonly { folder: string; own: boolean }[] => [
  { folder: `${packageRoot()}/recipes`, own: true },
  { folder: '/etc/netdoctor/recipes', own: false },
  {
    folder: `${env.XDG_CONFIG_HOME || `${env.HOME ?? ''}/.config`}/netdoctor/recipes`,
    own: false,
  },
];

/**
 * Every recipe by name. Nobody's takes the place of one of netdoctor's own; of two others the nearer to the user wins. Root
 * is offered only what nobody else can write: under `sudo -E` the folder may be somebody else's.
 */
export function shelf(machine: Machine): readonly Shelved[] {
  const found = new Map<string, Shelved>();
  for (const { folder, own } of folders(machine)) {
    const names = machine.list(folder);
    for (const file of names.known ? names.value : []) {
      const name = /^(.+)\.ya?ml$/.exec(file)?.[1];
      if (name === undefined || (!own && found.get(name)?.own)) continue;
      if (own || machine.uid !== 0 || machine.ownedAlone(`${folder}/${file}`).known)
        found.set(name, { name, file: `${folder}/${file}`, own });
    }
  }
  return [...found.values()].sort((a, b) => inOrder(a.name, b.name));
}

/** What a recipe builds, in its own words; empty where it does not say. YAML is not read for it, which takes longer. */
export function titleIn(machine: Machine, file: string): string {
  const text = machine.readForeign(file, { trusted: true });
  return (text.known && /^title: *(['"]?)(.+)\1 *$/m.exec(text.value)?.[2]) || '';
}
