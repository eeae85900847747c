/** The folders of recipes, and what lies in them; a recipe itself is read elsewhere, since that takes longer. */
import type { Machine } from '../host/machine.ts';
import { packageRoot } from '../host/package.ts';

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

/** Every recipe by name; where two have one name, the nearer to the user wins. */
export function shelf(machine: Machine): readonly Shelved[] {
  const found = new Map<string, Shelved>();
  for (const { folder, own } of folders(machine)) {
    const names = machine.list(folder);
    for (const file of names.known ? names.value : []) {
      const name = /^(.+)\.ya?ml$/.exec(file)?.[1];
      if (name !== undefined) found.set(name, { name, file: `${folder}/${file}`, own });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** What a recipe builds, in its own words; empty where it does not say. YAML is not read for it, which takes longer. */
export function titleIn(machine: Machine, file: string): string {
  const text = machine.readForeign(file, { trusted: true });
  return (text.known && /^title: *(['"]?)(.+)\1 *$/m.exec(text.value)?.[2]) || '';
}
