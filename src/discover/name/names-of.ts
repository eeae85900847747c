/** Which names a target's own hosts file gives an address: hosts(5). */
import type { Machine } from '../../host/machine.ts';
import type { Target } from '../../model/target.ts';
import { plain } from '../../words/text.ts';
import { etcFile } from './files.ts';

export interface NamesGiven {
  readonly file: string;
  readonly names: readonly string[];
}

/** More names of one address tell no more. */
const MOST = 3;
/** Docker and Podman write the container's own name there, and so does every system. */
const USUAL = /^(localhost|ip6-\S+|localhost[46]?\.\S+)$/;

export function namesOf(machine: Machine, target: Target, address: string): NamesGiven {
  const { file, text = '' } = etcFile(machine, target, 'container', 'hosts');
  const names = text.split('\n').flatMap((line) => {
    const [given, ...own] = line.replace(/#.*/, '').trim().split(/\s+/);
    return given === address ? own.filter((name) => !USUAL.test(name)).map(plain) : [];
  });
  return { file, names: [...new Set(names)].slice(0, MOST) };
}
