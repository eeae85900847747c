/** Names of the numbers of routing, as iproute2 reads them: its own, then those of its files. lib/rt_names.c */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readForeign } from '../../foreign-file.ts';

/** A distribution's own file, of iproute2 6.5 and newer, counts where the machine's is not there. */
const FOLDERS = ['/etc/iproute2', '/usr/share/iproute2', '/usr/lib/iproute2'];

const OWN = {
  rt_tables: { 253: 'default', 254: 'main', 255: 'local' },
  rt_scopes: { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' },
  rt_protos: {
    0: 'unspec',
    1: 'redirect',
    2: 'kernel',
    3: 'boot',
    4: 'static',
    8: 'gated',
    9: 'ra',
    10: 'mrt',
    11: 'zebra',
    12: 'bird',
    13: 'dnrouted',
    14: 'xorp',
    15: 'ntk',
    16: 'dhcp',
    18: 'keepalived',
    42: 'babel',
    186: 'bgp',
    187: 'isis',
    188: 'ospf',
    189: 'rip',
    192: 'eigrp',
  },
} as const;

export type Kind = keyof typeof OWN;

const read = new Map<Kind, ReadonlyMap<number, string>>();

/** The name of a number, or the number itself. Read once. */
export function nameOf(kind: Kind, number: number): string {
  let names = read.get(kind);
  if (!names) {
    names = namesIn(FOLDERS, kind);
    read.set(kind, names);
  }
  return names.get(number) ?? `${number}`;
}

/** Its own, and those of the first folder that has a file of them; a file that cannot be read, or is none, counts as missing. */
export function namesIn(folders: readonly string[], kind: Kind): Map<number, string> {
  const names = new Map(Object.entries(OWN[kind]).map(([number, name]) => [Number(number), name as string]));
  const main = folders.map((folder) => textOf(path.join(folder, kind))).find((text) => text !== null);
  const beside = folders.toReversed().flatMap((folder) => partsIn(path.join(folder, `${kind}.d`)));
  for (const text of [main ?? '', ...beside])
    for (const [number, name] of pairsIn(text)) names.set(number, name);
  return names;
}

/** `254 main`, `0x64 blue # a remark`; what is none ends the file. */
export function pairsIn(text: string): [number, string][] {
  const pairs: [number, string][] = [];
  for (const line of text.split('\n').map((one) => one.trimStart())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, number, name] = /^(0x[\da-f]+|\d+)\s+(\S+)\s*(?:#.*)?$/i.exec(line) ?? [];
    if (number === undefined || name === undefined) break;
    pairs.push([Number(number), name]);
  }
  return pairs;
}

function partsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf') && !name.startsWith('.'))
      .flatMap((name) => textOf(path.join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  const text = readForeign(file, { trusted: true });
  return text.known ? text.value : null;
}
