/** What the owner of a rule says about it: its own switch, where it keeps the rule, and whether it writes it again. */
import type { Met } from '../discover/owner.ts';
import { ownerOf, owners } from '../discover/owners.ts';
import { type Limit, limitBehind, limitOf } from '../kernel/limits.ts';
import { hex, type MarkStory, markStory } from '../kernel/marks.ts';
import { isSameRule } from '../kernel/rules.ts';
import type { Claim } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { linkByIndex } from '../model/stack.ts';
import { ruleName } from '../words/telling.ts';

/** The claim in its owner's words. A claim that names no rule stays as it is. */
export function advised(claim: Claim, scene: Scene, hits: readonly RuleHit[]): Claim {
  const { rule } = claim;
  if (!rule) return claim;
  const hit = hits.find((one) => isSameRule(one.rule, rule));
  const story = hit ? markStory(hits, hit) : null;
  const limit = hit ? limitBehind(hits, hit) : limitOf(rule);
  const why = [claim.why, story && toldMark(story), limit && toldLimit(limit)].filter(Boolean).join(' ');
  const advice = [limit && raise(limit), ofOwner(rule, scene, hit), story && apart(story)].filter(
    (one) => one !== null,
  );
  return { ...claim, why, do: [claim.do, ...advice].join(' ') };
}

/** What is under the limit passes: the same question asked alone, or later, may be answered. */
const toldLimit = ({ rule, of, most }: Limit): string =>
  of === 'rate'
    ? `${ruleName(rule)} is a rate limit: it ends what is ${most}, and the same passes when it comes more slowly.`
    : `${ruleName(rule)} is a limit of open connections: it ends a new one where there are ${most}.`;

const raise = ({ of }: Limit): string =>
  of === 'rate'
    ? 'Raise the limit, leave this sender out of it, or let the program keep its connections open instead of making new ones so fast.'
    : 'Raise the limit, leave this sender out of it, or see why so many connections stay open (ss -tn).';

function ofOwner(rule: Rule, scene: Scene, hit: RuleHit | undefined): string | null {
  const owner = ownerOf(rule);
  if (!owner) return null;
  const said = owner.advice?.(rule, met(scene, hit)) ?? null;
  const again = owner.rewrites ? ` ${owner.name} writes its rules again ${owner.rewrites}.` : '';
  return `${said ?? `It is kept in ${owner.configuredAt(rule)}.`}${again}`;
}

function met({ flow, path, stacks, place }: Scene, hit: RuleHit | undefined): Met {
  const packet = hit?.packet;
  const isReply = hit?.direction === 'reply';
  const stack = hit ? stacks[hit.side] : null;
  const named = (index: number | null | undefined): string | null =>
    (stack && index ? linkByIndex(stack, index)?.name : null) ?? null;
  const ends = [place?.after, place?.before].map((hop) => (hop?.where === 'host' ? hop.name : null));
  return {
    proto: flow.proto,
    port: flow.port,
    realPort: isReply
      ? (path.realPort ?? flow.port)
      : (packet?.destinationPort ?? path.realPort ?? flow.port),
    destination: isReply ? path.realDestination : (packet?.destination ?? path.realDestination),
    ingress: named(packet?.ingress) ?? ends[0] ?? null,
    egress: named(packet?.egress) ?? ends[1] ?? null,
    bridge: path.hops.find((hop) => hop.where === 'host' && hop.kind === 'bridge')?.name ?? null,
  };
}

/** The owner whose bits a mark is: the whole mark before some of its bits. */
const ownerOfMark = (mark: number): string | null =>
  owners
    .flatMap((owner) => owner.marks ?? [])
    .toSorted((one, other) => other.mask - one.mask)
    .find(({ value, mask }) => (mark & mask) >>> 0 === value)?.is ?? null;

function toldMark({ value, mask, mark, by }: MarkStory): string {
  const whose = ownerOfMark(mark);
  const asks =
    mask === 0xffffffff
      ? `asks for the mark ${hex(value)}`
      : value === mask
        ? `asks for ${hex(mask)} in the mark`
        : `asks for ${hex(value)} in the bits ${hex(mask)} of the mark`;
  const from = by
    ? `${ruleName(by.rule)} set it (${by.rule.text})`
    : "it met its first rule here with it: a program's socket, traffic control or another namespace set it";
  return `The rule ${asks}; the packets carried the mark ${hex(mark)}${whose ? `, ${whose}` : ''}; ${from}.`;
}

function apart({ value, mask, mark, by }: MarkStory): string {
  const setter = by
    ? `${ruleName(by.rule)}${by.rule.owner ? ` of ${by.rule.owner}` : ''}`
    : 'whoever sets it';
  return mask === 0xffffffff || value === 0
    ? `Let ${setter} use another mark where that is not meant.`
    : `Two programs use the same bits of the mark: let ${setter} use a mark without ${hex((mark & mask) >>> 0)}.`;
}
