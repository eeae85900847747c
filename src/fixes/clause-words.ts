/** What a rule asks of a packet, in words that stand behind `what`. */
import type { Clause } from '../kernel/clause.ts';

const WORDS: Readonly<Partial<Record<Clause['on'], (values: string) => string>>> = {
  in: (values) => `comes in by ${values}`,
  out: (values) => `leaves by ${values}`,
  source: (values) => `comes from ${values}`,
  destination: (values) => `goes to ${values}`,
  proto: (values) => `is ${values}`,
  sport: (values) => `has source port ${values}`,
  dport: (values) => `has port ${values}`,
  state: (values) => `is ${values}`,
  mark: (values) => `has mark ${values}`,
  tuple: (values) => `is in ${values}`,
  length: (values) => `is ${values} bytes long`,
  user: (values) => `is sent by user ${values}`,
  group: (values) => `is sent by group ${values}`,
};

/** `comes in by anything but br0`, `has port 80, 443`; undefined for what there are no words for. */
export const inWords = ({ on, not, values }: Pick<Clause, 'on' | 'not' | 'values'>): string | undefined =>
  WORDS[on]?.(`${not ? 'anything but ' : ''}${values.join(', ')}`);
