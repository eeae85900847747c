/** Where the libraries come to different answers for one name: what each of them gets, and why they part. */
import type { Library, LookUp, Outcome } from '../model/look-up.ts';
import { list } from '../words/text.ts';
import { fromHosts } from './hosts.ts';
import { sourcesOf } from './sources.ts';

export const LIBRARIES: Readonly<Record<Library, string>> = { glibc: 'glibc', musl: 'musl (Alpine)' };

const fileOf = (story: Pick<LookUp, 'files'>, name: string) =>
  story.files.find(({ file }) => file.endsWith(name));

/** The `hosts` line of nsswitch.conf as it is written, and where; undefined where there is none. */
export function hostsLine(story: Pick<LookUp, 'files'>): { file: string; line: string } | undefined {
  const { file, text = '' } = fileOf(story, 'nsswitch.conf') ?? { file: '' };
  const line = text
    .split('\n')
    .findLast((one) => /^\s*hosts\s*:/.test(one))
    ?.replace(/#.*/, '')
    .trim();
  return line === undefined ? undefined : { file, line };
}

/** What a hosts file has for the name, as one of the libraries reads it, and where. */
export function inHosts(story: Pick<LookUp, 'files' | 'name'>): { file: string; addresses: string[] } {
  const { file, text = '' } = fileOf(story, 'hosts') ?? { file: '/etc/hosts' };
  const both = (['glibc', 'musl'] as const).flatMap((library) => fromHosts(text, story.name, library));
  return { file, addresses: [...new Set(both)] };
}

/** Every library's answer that is known: the container's own first. */
const answersOf = ({ outcomes, others = [] }: Pick<LookUp, 'outcomes' | 'others'>): readonly Outcome[] => [
  ...outcomes,
  ...others,
];

/** The first address is what most programs use; the rest is what they may fall back on. */
const same = (one: Outcome, other: Outcome): boolean =>
  one.addresses[0] === other.addresses[0] &&
  one.addresses.length === other.addresses.length &&
  one.addresses.every((address) => other.addresses.includes(address));

function gets({ library, addresses, source, asked }: Outcome, story: LookUp): string {
  if (addresses.length === 0) return `${LIBRARIES[library]} gets no address`;
  const as = asked !== null && asked !== story.name.replace(/\.$/, '') ? ` as ${asked}` : '';
  const from =
    source === 'files' ? ` from ${inHosts(story).file}` : source === 'dns' ? ` from the DNS${as}` : '';
  return `${LIBRARIES[library]} gets ${list(addresses)}${from}`;
}

/** A sentence; null where they all get the same, or only one is known. */
export function differences(story: LookUp): string | null {
  const [first, ...others] = answersOf(story);
  if (!first || story.sample || others.every((one) => same(first, one))) return null;
  const whose =
    story.library === null
      ? 'which of them a program here is built on cannot be told'
      : `the programs of ${story.from === 'host' ? 'this host' : 'the container'} are built on ${LIBRARIES[story.library]}`;
  const why = partedBy(first, others, story);
  return `${[first, ...others].map((one) => gets(one, story)).join(', ')}${why}; ${whose}`;
}

/** Only glibc reads nsswitch.conf; it alone goes on in the search list behind a name that is there without an address. */
function partedBy(first: Outcome, others: readonly Outcome[], story: LookUp): string {
  const all = [first, ...others];
  const line = hostsLine(story);
  const isUsual =
    sourcesOf(line?.line)
      .map(({ service }) => service)
      .join(' ') === 'files dns';
  if (all.some((one) => one.source !== first.source) && line && !isUsual)
    return `, for ${line.file} says "${line.line}", which musl does not read`;
  const asked = new Set(all.flatMap((one) => one.asked ?? []));
  if (asked.size > 1) return ', for they do not go through the search list alike';
  const sets = all.map(({ addresses }) => addresses.toSorted().join());
  return sets.every((one) => one === sets[0]) ? ', the same in another order' : '';
}
