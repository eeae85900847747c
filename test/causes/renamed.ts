import type { Lab } from './scene.ts';

/** Names that a program or a shell would take for something else; the kernel takes them all for interfaces. */
export const HOSTILE = [
  'down',
  'dev',
  '--modprobe=x',
  'c;include',
  '$(id)',
  'a\u001bb',
  'zw\u200bx',
] as const;

/** The interfaces of the lab that a container or the host has made. */
const DEVICES = ['eth0', 'vetha', 'br0'] as const;

const PATTERN = new RegExp(`(?<![\\w-])(${DEVICES.join('|')})(?![\\w-])`, 'g');

/** A text with the lab's interfaces called `name`, numbered so that they stay apart. */
export const renamedText = (text: string, name: string): string =>
  text.replace(PATTERN, (device) => {
    const at = DEVICES.indexOf(device as (typeof DEVICES)[number]);
    return at === 0 ? name : `${name}${at}`;
  });

/** The same lab, whose interfaces are called so wherever they are named. */
export function renamed(lab: Lab, name: string): Lab {
  const seen = new Map<object, unknown>();
  const change = (value: unknown): unknown => {
    if (typeof value === 'string') return renamedText(value, name);
    if (typeof value !== 'object' || value === null) return value;
    const known = seen.get(value);
    if (known) return known;
    if (value instanceof Set) return new Set([...value].map(change));
    if (value instanceof Map) return new Map([...value].map(([key, one]) => [change(key), change(one)]));
    const made: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    seen.set(value, made);
    for (const [key, one] of Object.entries(value))
      (made as Record<string, unknown>)[renamedText(key, name)] = change(one);
    return made;
  };
  return change(lab) as Lab;
}
