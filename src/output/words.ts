/** The words of the screen: one for each thing, in text, JSON sentences and the conversation alike. */
import type { Status } from '../model/diagnosis.ts';
import type { StageKind } from '../model/path.ts';
import { seconds } from '../words/text.ts';
import type { Mark } from './glyphs.ts';

/** What lies between two interfaces, as the row of the stop names it. */
export const STAGES: Readonly<Record<StageKind, string>> = {
  send: 'sending',
  wire: 'veth pair',
  port: 'bridge port',
  bridge: 'bridging',
  forward: 'forwarding',
  deliver: 'delivery',
  beyond: 'beyond here',
};

/** The mark in front of a verdict. */
export const STATUS_MARKS: Readonly<Record<Status, Mark>> = {
  healthy: 'good',
  fault: 'bad',
  undecided: 'unsure',
};

/** The label of an interface: the kind where it has a word of its own, else whose it is. */
export function placeWord(where: string, kind: string): string {
  if (where === 'container') return 'container';
  if (where === 'other') return 'other end';
  return kind === 'veth' || kind === 'ether' ? 'host' : kind;
}

/** The first letter large, the end a full stop: a clause becomes a sentence. A name it begins with stays as it is. */
export function sentence(clause: string, name?: string): string {
  const text = clause.trim();
  const first = name !== undefined && text.startsWith(name) ? text.charAt(0) : text.charAt(0).toUpperCase();
  return `${first}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Microseconds as people read them: `85 µs`, `0.4 ms`, `12 ms`, `1.5 s`. */
export function duration(microseconds: number): string {
  if (microseconds < 100) return `${Math.round(microseconds)} µs`;
  const milliseconds = microseconds / 1000;
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds);
}
