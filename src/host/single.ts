/** The single executable, which carries netdoctor's own files as assets: nodejs.org/api/single-executable-applications.html */

/** What begins as one says so (bin/release/single/main.cjs): nobody else need ask Node. */
const sea = (
  Symbol.for('netdoctor.carried') in globalThis ? process.getBuiltinModule?.('node:sea') : undefined
) as (Omit<typeof import('node:sea'), 'default'> & { getAssetKeys?(): string[] }) | undefined;

/** Is this program one file, with Node inside? */
export const isSingle: boolean = sea?.isSea() ?? false;

const names: ReadonlySet<string> = new Set(isSingle ? sea?.getAssetKeys?.() : []);

/** A file that it carries, by its name below netdoctor's folder (`recipes/bridge.yaml`); null where there is none. */
export const carried = (name: string): Buffer | null =>
  names.has(name) ? Buffer.from(sea!.getAsset(name)) : null;

/** The names of what it carries in a folder; null where it carries no such folder. */
export function carriedIn(folder: string): readonly string[] | null {
  const within = [...names]
    .filter((name) => name.startsWith(`${folder}/`))
    .map((name) => name.slice(folder.length + 1));
  return within.length > 0 ? within.filter((name) => !name.includes('/')).sort() : null;
}
