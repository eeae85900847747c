/**
 * Partial loss is a comparison: what have all the lost probes in common that no answered one has? Whatever an answered
 * probe used too is not what loses the others.
 */
import type { Comparison, Difference } from '../model/comparison.ts';
import { destination } from '../model/flow.ts';
import type { Path } from '../model/path.ts';
import { watched } from '../model/path.ts';
import type { ProbeOutcome, Sighting } from '../model/sighting.ts';

/** What a packet was as the furthest hop saw it, by the word that names each trait. */
type Traits = ReadonlyMap<Difference['trait'], string>;

export function compare(
  path: Path,
  outcomes: readonly ProbeOutcome[],
  sightings: readonly Sighting[],
): Comparison | null {
  const isLost = ({ result }: ProbeOutcome): boolean => result !== 'answered';
  const lost = outcomes.filter(isLost).map(({ probe }) => probe);
  const answered = outcomes.filter((one) => !isLost(one)).map(({ probe }) => probe);
  if (lost.length === 0 || answered.length === 0) return null;
  const of = (probes: readonly number[], pick: Pick): Traits[] =>
    probes.map((probe) => traits(path, sightings, probe, pick)).filter((one) => one.size > 0);
  // A SYN that is sent again may take another way: the first was lost, and the last was answered.
  const [theirs, others] = [of(lost, (all) => all[0]), of(answered, (all) => all.at(-1))];
  return { lost: lost.length, answered: answered.length, differences: differences(theirs, others) };
}

/** Which of the packets of one probe, in time. */
type Pick = (packets: readonly Sighting[]) => Sighting | undefined;

function traits(path: Path, sightings: readonly Sighting[], probe: number, pick: Pick): Traits {
  const order = watched(path).map(({ id }) => id);
  const mine = sightings
    .filter((one) => one.probe === probe && one.kind === 'request')
    .toSorted((a, b) => a.at - b.at);
  const isExit = ({ hop }: Sighting): boolean => order.indexOf(hop) >= path.hops.length - 1;
  const furthest = Math.max(...mine.map(({ hop }) => order.indexOf(hop)));
  const left = mine.filter(isExit);
  const last = pick(left.length > 0 ? left : mine.filter(({ hop }) => order.indexOf(hop) === furthest));
  if (!last) return new Map();
  const exit = left.length > 0;
  const found: [Difference['trait'], string | null][] = [
    ['interface', exit ? last.hop : null],
    ['next-hop', exit ? last.destinationMac : null],
    ['destination', destination({ address: last.destination, port: last.destinationPort })],
    ['source', last.source],
  ];
  return new Map(found.filter((one): one is [Difference['trait'], string] => one[1] !== null));
}

function differences(lost: readonly Traits[], answered: readonly Traits[]): Difference[] {
  const names = [...new Set(lost.flatMap((one) => [...one.keys()]))];
  return names.flatMap((trait) => {
    // A capture may miss a frame on a busy machine: what is not known of a probe speaks for nothing.
    const told = (from: readonly Traits[]): string[] => [
      ...new Set(from.map((one) => one.get(trait)).filter((one) => one !== undefined)),
    ];
    const [[only, ...more], others] = [told(lost), told(answered)];
    if (only === undefined || more.length > 0 || others.length === 0 || others.includes(only)) return [];
    return [{ trait, lost: only, answered: others }];
  });
}
