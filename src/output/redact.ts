/** Addresses and names replaced, each by the same one everywhere, so that a report can be shown to strangers. */
import type { Event } from '../model/event.ts';
import { addressReplacer } from './redact/addresses.ts';
import { isComment, nameReplacer } from './redact/names.ts';

/** Words of the document that look like free text and are none: ids, kinds and numbers of ours. */
const KEPT = new Set([
  'type',
  'schema',
  'runtime',
  'status',
  'cause',
  'direction',
  'where',
  'kind',
  'witness',
  'proto',
  'engine',
  'hook',
  'verdict',
  'risk',
  'severity',
  'result',
  'errno',
]);

/**
 * A redactor for one run: what it has learned from earlier events holds for the later ones.
 * @param key random unless given; the same key replaces alike.
 */
export function redactor(key?: Uint8Array): <E extends Event>(event: E) => E {
  const names = nameReplacer();
  const addresses = addressReplacer(key);
  const text = (one: string): string => addresses(names.replace(one));
  const within = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return KEPT.has(key) ? value : text(value);
    if (Array.isArray(value))
      return value.map((item, at) =>
        typeof item === 'string' && isComment(item, value[at - 1])
          ? item.startsWith('"')
            ? '"a comment"'
            : 'a comment'
          : within(item, key),
      );
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, within(item, name)]));
  };
  return (event) => {
    names.learn(event);
    return within(event, '') as typeof event;
  };
}
