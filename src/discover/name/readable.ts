/** May the target's own process read a file? It has its own user and groups, and netdoctor is root: path_resolution(7). */
import type { FileIdentity, Machine } from '../../host/machine.ts';
import { capabilities } from '../parse/capabilities.ts';
import { fieldOf, fileId, groupsOf } from '../parse/status.ts';

/** Who asks, by ids of this host. Capabilities count for files of users that its user namespace has: user_namespaces(7). */
interface Reader {
  readonly user: number;
  readonly groups: readonly number[];
  readonly overrides: (file: FileIdentity) => boolean;
}

/** Does a uid_map or gid_map hold this id of the host? A map that cannot be read holds all: nothing is denied by guess. */
function holds(map: string | undefined, id: number): boolean {
  if (map === undefined) return true;
  return map.split('\n').some((line) => {
    const [, outside, count] = line.trim().split(/\s+/).map(Number);
    return outside !== undefined && count !== undefined && id >= outside && id < outside + count;
  });
}

function readerOf(machine: Machine, pid: number): Reader | undefined {
  const status = machine.read(`/proc/${pid}/status`);
  if (!status.known) return undefined;
  const [user, group] = [fileId(status.value, 'Uid'), fileId(status.value, 'Gid')];
  const effective = fieldOf(status.value, 'CapEff');
  if (Number.isNaN(user) || Number.isNaN(group) || effective === undefined) return undefined;
  const may = capabilities(effective).some((one) => /^CAP_DAC_(OVERRIDE|READ_SEARCH)$/.test(one));
  const map = (name: string): string | undefined => {
    const answer = machine.read(`/proc/${pid}/${name}`);
    return answer.known ? answer.value : undefined;
  };
  return {
    user,
    groups: [group, ...groupsOf(status.value)],
    overrides: ({ owner, group: its }) =>
      may && holds(map('uid_map'), owner) && holds(map('gid_map'), its ?? 0),
  };
}

const READ = 4;
const SEARCH = 1;

/** The bits of the class that it belongs to decide, and no others. */
function allows({ user, groups, overrides }: Reader, file: FileIdentity, wanted: number): boolean {
  const shift = file.owner === user ? 6 : file.group !== undefined && groups.includes(file.group) ? 3 : 0;
  return ((file.mode >> shift) & wanted) === wanted || overrides(file);
}

/**
 * Why the process cannot read this file, which is `root` and a path inside it without symbolic links: `user 1000 may not
 * read it (mode 600, owner 0)`. Null where it can, where the file is not there, and where nobody could look.
 */
export function deniedTo(machine: Machine, pid: number, root: string, file: string): string | null {
  const reader = readerOf(machine, pid);
  if (!reader) return null;
  const parts = file.slice(root.length).split('/').filter(Boolean);
  for (let depth = 0; depth <= parts.length; depth++) {
    const at = machine.identity(`${root}/${parts.slice(0, depth).join('/')}`);
    // A group that was not told (a recording made before it was) decides nothing.
    if (!at.known || at.value.group === undefined) return null;
    const isFile = depth === parts.length;
    if (allows(reader, at.value, isFile ? READ : SEARCH)) continue;
    const { mode, owner, group } = at.value;
    const what = isFile ? 'read it' : `enter /${parts.slice(0, depth).join('/')}`;
    return `user ${reader.user} may not ${what} (mode ${mode.toString(8)}, owner ${owner}, group ${group})`;
  }
  return null;
}
