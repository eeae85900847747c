/** The files that decide about names, as the target's own processes see them. */
import type { Machine } from '../../host/machine.ts';
import type { NamesFile } from '../../model/look-up.ts';
import type { Target } from '../../model/target.ts';
import { deniedTo } from './readable.ts';

export type EtcFile = 'resolv.conf' | 'hosts' | 'nsswitch.conf';

/** As many links as the kernel follows: path_resolution(7). */
const MOST_LINKS = 40;

/**
 * The path on this host of a path inside another root. Links are followed one by one within that root: the kernel would
 * take an absolute one to this host's own file. Undefined for a ring of links.
 */
export function inRoot(machine: Machine, root: string, path: string): string | undefined {
  const left = path.split('/').filter(Boolean);
  const done: string[] = [];
  for (let links = 0; left.length > 0; ) {
    const part = left.shift()!;
    if (part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const to = machine.link(`${root}/${[...done, part].join('/')}`);
    if (!to.known) {
      done.push(part);
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    if (to.value.startsWith('/')) done.length = 0;
    left.unshift(...to.value.split('/').filter(Boolean));
  }
  return `${root}/${done.join('/')}`;
}

/** One file of the target. A container's through its first process; a bare namespace's as ip-netns(8) lays it over /etc. */
export function etcFile(
  machine: Machine,
  target: Target,
  from: 'container' | 'host',
  name: EtcFile,
): NamesFile {
  const own = from === 'host' || target.pid === null ? undefined : `/proc/${target.pid}/root`;
  if (own !== undefined) {
    const file = inRoot(machine, own, `/etc/${name}`);
    if (file === undefined)
      return { file: `${own}/etc/${name}`, text: undefined, because: 'its symbolic links lead in a ring' };
    const denied = deniedTo(machine, target.pid!, own, file);
    return denied === null ? read(machine, file, false) : { file, text: undefined, because: null, denied };
  }
  if (from === 'container' && target.runtime === 'netns') {
    const laid = read(machine, `/etc/netns/${target.name}/${name}`, true);
    return laid.text === undefined ? read(machine, `/etc/${name}`, true) : laid;
  }
  const kept = from === 'container' ? target.resolvConf : null;
  if (from === 'container' && kept !== null)
    return read(machine, kept.replace(/resolv\.conf$/, name), kept.startsWith('/etc/'));
  if (from === 'container')
    return { file: `/etc/${name}`, text: undefined, because: 'it has no known place on this host' };
  return read(machine, `/etc/${name}`, true);
}

function read(machine: Machine, file: string, trusted: boolean): NamesFile {
  const answer = machine.readForeign(file, { trusted });
  if (answer.known) return { file, text: answer.value, because: null };
  return { file, text: undefined, because: answer.because === 'vanished' ? null : answer.detail };
}
