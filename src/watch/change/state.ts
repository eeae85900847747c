/** State as what can be compared: each thing under a name of its own, with what may become another. */
import type { Kind } from './change.ts';

export interface Entry {
  readonly kind: Kind;
  /** As people call it: `vetha`, `default via 10.88.0.1`. */
  readonly what: string;
  /** The interface that it is about; null: all of them. */
  readonly device: string | null;
  /** What may change of it, each in a word; empty where there is none. */
  readonly fields: Readonly<Record<string, string>>;
  /** It comes and goes by itself, as what is learned does: only what becomes another, or is lost, is a change. */
  readonly learned?: true;
}

/** By a key that is the same as long as it is the same thing. */
export type State = ReadonlyMap<string, Entry>;

export interface Difference extends Omit<Entry, 'fields' | 'learned'> {
  readonly before: string | null;
  readonly after: string | null;
}

/** Another number of an interface is another interface, whatever its name. */
const IDENTITY = 'index';

/** Of nothing but itself: it is there. */
const THERE = 'there';

export function compare(before: State, after: State): Difference[] {
  const gone = [...before].flatMap(([key, entry]) =>
    after.has(key) || entry.learned ? [] : [difference(entry, entry.what, described(entry), null)],
  );
  const others = [...after].flatMap(([key, entry]) => {
    const earlier = before.get(key);
    if (earlier) return changed(earlier, entry);
    return entry.learned ? [] : [difference(entry, entry.what, null, described(entry))];
  });
  return [...gone, ...others];
}

function changed(earlier: Entry, entry: Entry): Difference[] {
  if (earlier.fields[IDENTITY] !== entry.fields[IDENTITY])
    return [difference(entry, `${entry.what}, replaced by another`, described(earlier), described(entry))];
  const names = new Set([...Object.keys(earlier.fields), ...Object.keys(entry.fields)]);
  return [...names].flatMap((name) => {
    const [was, is] = [earlier.fields[name] ?? '', entry.fields[name] ?? ''];
    // A thing of one property is that property.
    const what = name === '' ? entry.what : `${entry.what}: ${name}`;
    if (was === is || (entry.learned && was === '')) return [];
    return [difference(entry, what, was || 'none', is || 'none')];
  });
}

const difference = (
  { kind, device }: Entry,
  what: string,
  before: string | null,
  after: string | null,
): Difference => ({ kind, device, what, before, after });

const described = ({ fields }: Entry): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => (name === '' ? value : `${name} ${value}`))
    .join(', ') || THERE;
