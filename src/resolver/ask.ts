import type { Family } from '../model/flow.ts';
import type { NameQuestion, RecordType, Reply } from '../model/look-up.ts';

/** Puts one question to one server. A model may put the same one again: what it costs is the model's to reckon. */
export type Ask = (question: NameQuestion) => Promise<Reply>;

export type Answer = Extract<Reply, { kind: 'answer' }>;

export const typesOf = (families: readonly Family[]): RecordType[] =>
  families.map((one) => (one === 4 ? 'A' : 'AAAA'));

export const NXDOMAIN = 3;
export const SERVFAIL = 2;
export const REFUSED = 5;
