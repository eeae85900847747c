/**
 * A frame of the search for a neighbour that was lost on a bridge of this host, and which rules of the bridge could have ended
 * it. No probe meets these rules: what is traced is the probe, which waits for the answer.
 */
import type { Rule } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import type { Place } from '../model/place.ts';
import type { Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { linkNamed } from '../model/stack.ts';
import { macOf } from '../wire/headers.ts';
import { mayTake } from './frame-rule.ts';
import { answers, isUnresolved, nextHop, questions } from './next-hop.ts';
import { type Hook, hookOf } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';
import { type Base, basesAt, ELSEWHERE, ENDS, isDecidedByMap } from './rule-walk.ts';
import { ends } from './rules.ts';
import { searchPlace } from './search.ts';
import { ADVERTISEMENT, SOLICITATION } from './solicitation.ts';
import { outgoing } from './travel.ts';

export interface LostFrame {
  readonly place: Place;
  readonly after: Hop;
  readonly before: Hop;
  readonly address: string;
  readonly isAnswer: boolean;
  /** Rules and policies that could have ended it, in their order; the last of them would surely have, where `isSure`. */
  readonly rules: readonly Rule[];
  readonly isSure: boolean;
}

/** Undefined unless one side of the bridge showed it, and the other, which was captured, did not. */
export function lostFrame(scene: Scene & { readonly firewall: Firewall }): LostFrame | undefined {
  const place = searchPlace(scene);
  const hop = nextHop(scene, outgoing(scene));
  const { after, before } = place ?? {};
  if (!place || !hop || !after || !before || !scene.captured.has(before.id)) return undefined;
  const hooks = hooksBetween(after, before);
  if (!hooks || !isUnresolved(scene, hop)) return undefined;
  const own = linkNamed(hop.stack, hop.dev)?.addresses.map(({ address }) => address) ?? [];
  // Others ask for the same address, and what they are told goes another way.
  const answer = answers(scene, hop.address).find(
    (one) => one.hop === after.id && own.includes(one.destination),
  );
  const question = questions(scene, hop.address).find(
    (one) => one.hop === after.id && own.includes(one.source),
  );
  const isAnswer = place.direction !== scene.place?.direction;
  const message = isAnswer ? answer : question;
  if (!message?.frame) return undefined;
  const packet = packetOf(message, message.frame, isAnswer, { after, before });
  return {
    place,
    after,
    before,
    address: hop.address,
    isAnswer,
    ...suspects(scene.firewall.host, packet, hooks, { after, before }),
  };
}

/** The hooks that a frame passes from the one to the other (br_nf_hooks); undefined where no bridge is between. */
function hooksBetween(after: Hop, before: Hop): readonly Hook[] | undefined {
  if (after.where !== 'host' || before.where !== 'host') return undefined;
  if (after.link.master === before.name) return ['prerouting', 'input'];
  if (before.link.master === after.name) return ['output', 'postrouting'];
  const isBridged = after.link.master !== null && after.link.master === before.link.master;
  return isBridged ? ['prerouting', 'forward', 'postrouting'] : undefined;
}

interface Between {
  readonly after: Hop;
  readonly before: Hop;
}

function packetOf(message: Sighting, frame: string, isAnswer: boolean, { after, before }: Between): Packet {
  const isArp = message.family === 4;
  return {
    source: message.source,
    destination: message.destination,
    in: after.name,
    out: before.name,
    proto: isArp ? 'arp' : 'icmp',
    ...(isArp ? {} : { icmpType: isAnswer ? ADVERTISEMENT : SOLICITATION }),
    sourcePort: null,
    destinationPort: null,
    isLocal: () => false,
    bridge: after.link.master ?? before.link.master ?? after.name,
    frame: Buffer.from(frame, 'hex'),
  };
}

/** Interfaces that a hook knows: only forwarding knows both (br_forward_finish(), net/bridge/br_forward.c). */
const at = (packet: Packet, hook: Hook): Packet => ({
  ...packet,
  in: hook === 'output' || hook === 'postrouting' ? null : packet.in,
  out: hook === 'prerouting' || hook === 'input' ? null : packet.out,
});

/** It counts, and has counted nothing: the rules are listed when the frame is lost. */
const NEVER_MET = /(?:^|\s)counter packets 0 bytes 0(?=\s)/;

/** What may end it in one base chain, as far as the first that surely does, or the accept that surely comes before. */
function ofBase({ met, policy }: Base, packet: Packet): Pick<LostFrame, 'rules' | 'isSure'> {
  const rules: Rule[] = [];
  let mayPass = false;
  for (const { rule, clauses, sure } of met()) {
    if (NEVER_MET.test(rule.text)) continue;
    const target = clauses.target ?? '';
    const isEnd = ENDS.test(target);
    if (isEnd || ELSEWHERE.test(target) || isDecidedByMap(rule, packet)) rules.push(rule);
    if (isEnd && sure) return { rules, isSure: !mayPass };
    if (target === 'ACCEPT' && sure) return { rules, isSure: false };
    if (target === 'ACCEPT') mayPass = true;
  }
  if (policy?.verdict !== 'drop') return { rules, isSure: false };
  return { rules: [...rules, policy], isSure: !mayPass };
}

function suspects(
  all: readonly Rule[],
  packet: Packet,
  hooks: readonly Hook[],
  between: Between,
): Pick<LostFrame, 'rules' | 'isSure'> {
  const rules: Rule[] = all.filter(
    (rule) => isOfEbtables(rule, hooks) && mayTake(rule, frameOf(packet, between)),
  );
  for (const hook of hooks)
    for (const base of basesAt(all, at(packet, hook), hook)) {
      const found = ofBase(base, packet);
      rules.push(...found.rules);
      if (found.isSure) return { rules, isSure: true };
    }
  return { rules, isSure: false };
}

/** Rules of ebtables are read by their text. Those for ARP meet no frame between two ports, and none before the bridge shows it. */
const isOfEbtables = (rule: Rule, hooks: readonly Hook[]): boolean =>
  rule.engine === 'ebtables' &&
  ends(rule.verdict) &&
  hooks.some((hook) => [hook, null].includes(hookOf(rule) as Hook | null));

function frameOf({ frame }: Packet, { after, before }: Between) {
  const mac = (from: number): string => macOf((frame ?? new Uint8Array()).subarray(from));
  const masters = [after.link.master, before.link.master].flatMap((one) => one ?? []);
  return { devs: [after.name, before.name, ...masters], macs: [mac(0), mac(6)], isNeighbour: true };
}
