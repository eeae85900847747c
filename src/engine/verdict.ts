/** From scene and facts to the status and the findings. */
import { gather, gatherOne } from '../discover/facts.ts';
import type { Machine } from '../host/machine.ts';
import { type Designed, ownStack } from '../kernel/designed.ts';
import { standsForMany } from '../kernel/one-to-many.ts';
import { isReserved, staysOnHost } from '../kernel/publishing.ts';
import { ends } from '../kernel/rules.ts';
import { type Answer, known, notKnown } from '../model/answer.ts';
import type { Status } from '../model/diagnosis.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Need, RuleHit } from '../model/facts.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Scene } from '../model/scene.ts';
import { failsForSomebody } from '../resolver/story.ts';
import { ruleName } from '../words/telling.ts';
import { clockBeside } from './clock-beside.ts';
import { isTakenInSilence, saidBack, silence } from './datagrams.ts';
import { isPerhapsItsOwnLimit, isPerhapsTakenByHost, maybeHealthy, undecides } from './gaps.ts';
import { ofHandshakes } from './handshakes.ts';
import { type Claimed, claimsOfSome, judge, judgeAsking, warningNeeds, warnings } from './judge.ts';
import { ofLongPackets } from './long-packets.ts';
import { nameless } from './nameless.ts';
import { refusedItself } from './not-sent.ts';
import { ailing, claimsOf } from './now.ts';
import { withOldEnds } from './old-end.ts';
import { ofItsPrograms } from './own-programs.ts';
import { isPlaceSeen, isUnwatched, mayBeTold } from './place-seen.ts';
import type { RunResult } from './run/plan.ts';
import { isNamedInVain, isUngreeted, isUnseenSilence, saidOver, silentAt } from './said-over.ts';
import { bigScene, dataScene, type Ingredients, sceneOf, untakenScene } from './scene.ts';
import { type Sparing, spares } from './size-of-pings.ts';
import { isGapOnWire, unseen } from './unseen.ts';

export interface Verdict {
  readonly scene: Scene;
  readonly status: Status;
  readonly claims: readonly Claimed[];
  readonly unknown: readonly Unknown[];
}

export async function reach(machine: Machine, of: Ingredients): Promise<Verdict> {
  const scene = sceneOf(of);
  const answered = scene.symptom.kind === 'answered' && scene.outcomes.length > 0;
  const data = answered ? dataScene(of) : null;
  const broken = data && isBroken(data, of.result.hits) ? data : null;
  const left = answered && !broken ? untakenScene(of) : null;
  if (left) return { scene: left, status: 'fault', claims: await notTaken(machine, left), unknown: [] };
  const large = answered && !broken ? bigScene(of) : null;
  // The packet is a ping: what a rule does to pings alone, or to what it does not ask the length of, says nothing of the flow.
  const spared = large ? spares(large, of.result.hits) : null;
  const big = spared ? null : large;
  if (answered && !broken && !big) {
    const own = await ofItsPrograms(machine, scene);
    const named = ofItsName(scene, of);
    const isDecided = isForItsPrograms(of);
    const claims = [
      ...(staysOnHost(scene) ? await keptFrom(machine, scene) : []),
      ...(isDecided ? named : []),
      ...own.claims,
      ...(await ofHandshakes(machine, scene)),
      ...(scene.spoken?.isNamed ? ofSpeech(scene) : []),
    ];
    if (claims.length > 0) return { scene, status: 'fault', claims, unknown: [] };
    const long = await ofLongPackets(machine, scene, of.result, of.earlier);
    if (long.scene) return { scene: long.scene, status: 'fault', claims: long.claims, unknown: [] };
    const ill = ailing(machine, scene, of.earlier);
    const looked = ill && of.leisure ? await withOldEnds(machine, ill, of.leisure) : ill;
    const suffering = looked ? await claimsOf(machine, looked) : [];
    if (looked && suffering.length > 0)
      return { scene: looked, status: 'fault', claims: suffering, unknown: [] };
    const clock = await itsClock(machine, of);
    const soon = warnings(scene, await gather(machine, scene, warningNeeds()));
    const warned = [...(isDecided ? [] : named), ...soon];
    const rest = [...untested(of, spared), ...long.notes];
    // What leaves it open is said first.
    const told = long.isOpen ? rest.toReversed() : rest;
    const unnamed = nameless(scene.flow, of.lookUp);
    const unknown = [...unnamed, ...of.result.gaps, ...told, ...own.notes, ...clock].map(plainly);
    const isOpen =
      long.isOpen ||
      maybeHealthy(of.result.gaps) ||
      isUngreeted(of.result.exchange) ||
      isNamedInVain(of.result.exchange) ||
      isUnseenSilence(of.path, of.result);
    const place = silentAt(scene.path, of.result);
    return {
      scene: place ? { ...scene, place } : scene,
      status: isOpen ? 'undecided' : 'healthy',
      claims: warned,
      unknown,
    };
  }
  const asked = broken ?? big ?? scene;
  const own = scene.flow.from === 'container' && !answered ? ownStack(scene) : undefined;
  if (own) return { scene, status: 'undecided', claims: [], unknown: [notItsPackets(scene, own)] };
  const ground = { ...asked, ...(of.result.hits.known ? { ruleHits: of.result.hits.value } : {}) };
  const { claims, unknown } = await judgeAsking(
    asked,
    { ruleHits: of.result.hits, lookUp: lookUpFact(of) },
    (need) => askedBefore(of, need, () => gatherOne(machine, ground, need)),
  );
  const isSeen = isPlaceSeen(asked, of.result);
  const itself = refusedItself(machine, asked);
  const told = isForNobody(asked)
    ? []
    : claims.filter(
        ({ cause, claim }) =>
          mayBeTold(claim, isSeen) &&
          !(cause.ofSilence && isUnwatched(asked, of.result.partlyBlind)) &&
          !(cause.id === NOT_ALLOWED && claim.sure === 'supported' && itself.length > 0),
      );
  const isItself = itself.length > 0 && told.length === 0;
  const status = isItself ? 'undecided' : statusOf(asked, of.result, told.length > 0);
  return {
    scene: asked,
    status,
    claims: told,
    unknown: [
      ...unseen(asked, of.result),
      ...(told.length > 0 ? [] : [...itself, ...silence(asked), ...unknown]),
    ],
  };
}

/** What was asked about the same loss already is not asked again. */
function askedBefore(
  { asked }: Ingredients,
  need: Need,
  ask: () => Promise<Answer<unknown>>,
): Promise<Answer<unknown>> {
  const answer = asked?.get(need) ?? ask();
  asked?.set(need, answer);
  return answer;
}

/** A probe from the namespace is no packet of a program that has a stack of its own. */
const notItsPackets = ({ target }: Scene, { says }: Designed): Unknown => ({
  what: `what ${target.name} itself sends`,
  because: `${says}: probes from its namespace are not its packets. Ask from the other end (--from host, --from outside)`,
});

/** What left for many at once: nobody need answer it, and that nobody did is no fault. */
const isForNobody = ({ symptom, stacks, flow }: Scene): boolean =>
  symptom.kind === 'silence' && standsForMany(stacks.host, flow.address);

const NOT_ALLOWED = 'container-permission';

/** Data that was lost nowhere on the way to a target with a stack of its own: what that one takes is nobody's to see. */
const isUpToItsStack = ({ flow, place, path, target }: Pick<Scene, 'flow' | 'place' | 'path' | 'target'>) =>
  target.ownStack !== undefined &&
  flow.from !== 'container' &&
  place?.direction === 'request' &&
  place.index === path.stages.length - 1;

/**
 * A program may reset what it does not like, one of this host too that rules hand the connection to: only a reset from nearer
 * than the far end, or by somebody else, is a fault. Whose it was must have been seen, on a hop or by the rule that sent it.
 */
function isBroken(scene: Scene, hits: Answer<readonly RuleHit[]>): boolean {
  const { exchange, place, path, symptom } = scene;
  if (exchange?.result === 'lost') return !isUpToItsStack(scene);
  const met = hits.known ? hits.value : [];
  const isEnded = met.some(({ verdict }) => ends(verdict));
  const isTaken = met.some(
    ({ side, direction, rule }) => side === 'host' && direction === 'request' && rule.hook === 'input',
  );
  const isNearer = place !== null && place.index < path.stages.length - 1;
  if (isNearer && (isEnded || (symptom.bornAt !== null && !isTaken))) return true;
  return exchange?.ttl != null && exchange.ttl.handshake !== exchange.ttl.reset;
}

const NOT_TAKEN = new Set(['listener-stuck', 'proxy-backend-silent']);

/** What was seen at the sockets says it all, and no state besides is wanted; but where one only keeps the port, what leads past it is. */
const notTaken = async (machine: Machine, scene: Scene): Promise<readonly Claimed[]> =>
  isReserved(scene)
    ? claimsOfSome(machine, scene, ({ id }) => id === 'port-not-published')
    : judge(scene, { listeners: known([], []) }).claims.filter(({ cause }) => NOT_TAKEN.has(cause.id));

/** What answers does not speak what somebody said that it speaks. */
const ofSpeech = (scene: Scene): readonly Claimed[] =>
  judge(scene, {}).claims.filter(({ cause }) => cause.id === 'tls-not-spoken');

const KEPT_FROM = new Set(['port-not-published', 'port-published-elsewhere']);

/** An answer of the host's own on a published port proves little: is it only kept from being taken? */
const keptFrom = (machine: Machine, scene: Scene): Promise<readonly Claimed[]> =>
  claimsOfSome(machine, scene, ({ id }) => KEPT_FROM.has(id));

/** What answers may be another than was meant, and a program that looks the name up may get none, or late. */
function ofItsName(scene: Scene, of: Ingredients): readonly Claimed[] {
  if (!of.lookUp) return [];
  return judge(scene, { lookUp: lookUpFact(of) }).claims.filter(({ cause }) =>
    cause.needs.includes('lookUp'),
  );
}

/** What becomes of a name in one library only decides where programs are known to use that one. */
const isForItsPrograms = ({ lookUp }: Ingredients): boolean =>
  !lookUp || failsForSomebody(lookUp) || lookUp.outcomes.every(({ error }) => error === null);

const lookUpFact = ({ lookUp }: Ingredients): Answer<LookUp> =>
  lookUp ? known(lookUp, []) : notKnown('not-asked', 'no name was looked up', []);

/** Small packets passed; whether large ones do could not be tried, or tells of pings alone. */
function untested(
  { flow, result: { size, unsent, filled, exchange, outcomes, gaps } }: Ingredients,
  sparing: Sparing | null,
): Unknown[] {
  const spared = (because: string): Unknown => ({ what: 'further probes', because });
  const fewer = [
    ...(unsent === 0 ? [] : [spared('beside those that were sent no source port was left for them')]),
    ...(filled
      ? [
          spared(
            `with those that were answered, open connections had reached what ${ruleName(filled.rule)} lets be: it ends a new one where there are ${filled.most}`,
          ),
        ]
      : []),
  ];
  const isTold = gaps.some(({ of }) => of === 'greeting' || of === 'deferred');
  const said = flow.proto === 'tcp' && flow.from !== 'outside' && !isTold ? saidOver(exchange) : [];
  const noted = [...fewer, ...said, ...saidBack({ flow, outcomes })];
  if (sparing) return [...noted, { what: 'whether full-size packets pass', because: sparing.because }];
  if (size?.tested) return noted;
  return [
    ...noted,
    {
      what: 'whether full-size packets pass',
      because: !size
        ? 'no packet size is known'
        : size.heard
          ? 'this machine was too busy to see what became of one'
          : 'the destination does not answer ICMP',
    },
  ];
}

/** Where a certificate is out of its time: whether this host's clock is the one that is wrong. */
async function itsClock(machine: Machine, { flow, path, result }: Ingredients): Promise<Unknown[]> {
  if (!result.exchange?.outOfTime) return [];
  const says = await clockBeside(machine, flow, path.hops[0]?.netns ?? null);
  return says ? [{ what: 'the clock of this host', because: says }] : [];
}

const plainly = ({ what, because }: Unknown): Unknown => ({ what, because });

/** A fault needs a place that was seen; without captures to see it, nothing is decided. */
function statusOf(scene: Scene, result: RunResult, claimed: boolean): Status {
  if (result.lostSight || undecides(scene, result.gaps)) return 'undecided';
  if (claimed) return 'fault';
  if (isPerhapsItsOwnLimit(scene, result) || isPerhapsTakenByHost(scene)) return 'undecided';
  const silentDatagram =
    (scene.flow.proto === 'udp' && scene.symptom.kind === 'silence') || isTakenInSilence(scene);
  // Those who have joined on its own segment, or beyond a router that has just learned of it, do not answer either.
  const forMany = standsForMany(scene.stacks.host, scene.flow.address);
  if (
    silentDatagram ||
    forMany ||
    isUnwatched(scene, result.partlyBlind) ||
    !scene.place ||
    isGapOnWire(scene)
  )
    return 'undecided';
  return result.captured.size > 0 || scene.symptom.kind === 'not-sent' ? 'fault' : 'undecided';
}
