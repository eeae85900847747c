/** Whose rule is this? */
import type { Rule } from '../model/evidence.ts';
import type { Owner } from './owner.ts';
import type { Counted } from './rules/counted.ts';

const files = import.meta.glob<{ default: Owner }>('./owners/*.ts', { eager: true });
export const owners: readonly Owner[] = Object.values(files).map((file) => file.default);

/** Few know their rules by their look, and each of fifty thousand is shown to them. */
const writers = owners.filter(({ wrote }) => wrote);

const byTable = remembered((name) => owners.find((owner) => owner.tables?.test(name)));
const byChain = remembered((name) => owners.find((owner) => owner.chains?.test(name)));

/** Tens of thousands of rules share a few names. */
function remembered(find: (name: string) => Owner | undefined): (name: string) => Owner | undefined {
  const known = new Map<string, Owner | null>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before ?? undefined;
    const owner = find(name);
    known.set(name, owner ?? null);
    return owner;
  };
}

/** The chain a rule leads into, or null. */
const leadsTo = ({ verdict }: Rule): string | null =>
  verdict.startsWith('jump ') || verdict.startsWith('goto ') ? verdict.slice(5) : null;

function commented(rule: Rule): Owner | undefined {
  const comment =
    /comment "((?:[^"\\]|\\.)*)"/.exec(rule.text)?.[1] ?? /--comment (\S+)/.exec(rule.text)?.[1];
  return comment === undefined ? undefined : owners.find((owner) => owner.comments?.test(comment));
}

/** The program that wrote the rule, or undefined: it was written by hand. */
export function ownerOf(rule: Rule): Owner | undefined {
  const target = leadsTo(rule);
  return (
    (rule.engine === 'nft' ? byTable(rule.table) : undefined) ??
    byChain(rule.chain) ??
    (target === null ? undefined : byChain(target)) ??
    (rule.text.includes('comment') ? commented(rule) : undefined) ??
    writers.find((owner) => owner.wrote?.(rule))
  );
}

/** Where the rule is configured so that a change stays, or null for one written by hand. */
export const configuredAt = (rule: Rule): string | null => ownerOf(rule)?.configuredAt(rule) ?? null;

/** Fields are spelled out: a spread makes each of fifty thousand objects ten times as dear. */
const owned = (rule: Rule, owner: string): Rule => ({
  engine: rule.engine,
  family: rule.family,
  table: rule.table,
  chain: rule.chain,
  hook: rule.hook,
  number: rule.number,
  handle: rule.handle,
  text: rule.text,
  verdict: rule.verdict,
  owner,
});

export const withOwner = (counted: Counted): Counted => {
  const name = ownerOf(counted.rule)?.name;
  if (name === undefined) return counted;
  return { rule: owned(counted.rule, name), packets: counted.packets, bytes: counted.bytes };
};
