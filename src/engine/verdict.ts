/** From scene and facts to the status and the findings. */
import { gather } from '../discover/facts.ts';
import { hiddenBy } from '../discover/path/describe.ts';
import type { Machine } from '../host/machine.ts';
import type { Status } from '../model/diagnosis.ts';
import type { Unknown } from '../model/evidence.ts';
import { destination } from '../model/flow.ts';
import { staysOnHost } from '../model/publishing.ts';
import type { Scene } from '../model/scene.ts';
import { allNeeds, type Claimed, judge } from './judge.ts';
import type { RunResult } from './run/run.ts';
import { bigScene, type Ingredients, sceneOf } from './scene.ts';

export interface Verdict {
  readonly scene: Scene;
  readonly status: Status;
  readonly claims: readonly Claimed[];
  readonly unknown: readonly Unknown[];
}

export async function reach(machine: Machine, of: Ingredients): Promise<Verdict> {
  const scene = sceneOf(of);
  const answered = scene.symptom.kind === 'answered' && scene.outcomes.length > 0;
  const big = answered ? bigScene(of) : null;
  if (answered && !big) {
    const claims = staysOnHost(scene) ? await keptFrom(machine, scene) : [];
    if (claims.length > 0) return { scene, status: 'fault', claims, unknown: [] };
    return { scene, status: 'healthy', claims: [], unknown: untested(of.result) };
  }
  const asked = big ?? scene;
  const facts = await gather(
    machine,
    asked,
    allNeeds().filter((need) => need !== 'ruleHits'),
  );
  const { claims, unknown } = judge(asked, { ...facts, ruleHits: of.result.hits });
  if (big && claims.length === 0)
    return {
      scene,
      status: 'healthy',
      claims: [],
      unknown: [{ what: 'why full-size packets vanish', because: 'nothing on this host explains it' }],
    };
  const status = statusOf(asked, of.result, claims.length > 0);
  return {
    scene: asked,
    status,
    claims,
    unknown: [
      ...unasked(asked),
      ...through(asked),
      ...hidden(asked),
      ...nobodyCame(asked),
      ...blindness(of.result),
      ...(claims.length > 0 ? [] : unknown),
    ],
  };
}

const KEPT_FROM = new Set(['port-not-published', 'port-published-elsewhere']);

/** An answer of the host's own on a published port proves little: is it only kept from being taken? */
async function keptFrom(machine: Machine, scene: Scene): Promise<readonly Claimed[]> {
  const { claims } = judge(scene, await gather(machine, scene, ['firewall', 'listeners']));
  return claims.filter(({ cause }) => KEPT_FROM.has(cause.id));
}

/** Small packets passed; whether large ones do could not be tried. */
function untested({ size }: RunResult): Unknown[] {
  if (size?.tested) return [];
  return [
    {
      what: 'whether full-size packets pass',
      because: size ? 'the destination does not answer ICMP' : 'no packet size is known',
    },
  ];
}

/** The name that was meant leads nowhere as long as its resolver is silent. */
const unasked = ({ flow }: Scene): Unknown[] =>
  flow.insteadOf === undefined
    ? []
    : [
        {
          what: `the way to ${flow.insteadOf}`,
          because: `its name could not be resolved, so the way to the resolver ${flow.address} was looked at`,
        },
      ];

/** What was asked is answered by a program of the host, which is no news of the container. */
const through = ({ flow }: Scene): Unknown[] =>
  flow.behind === undefined
    ? []
    : [
        {
          what: flow.proto === 'dns' ? 'what the container is told' : `what ${flow.to} answers`,
          because:
            flow.proto === 'dns'
              ? `${flow.behind} takes it, and asks ${flow.address} as was done here`
              : `${flow.behind} takes it, and asks the container as was done here`,
        },
      ];

/** Packets were last seen on a link that shows nothing of what comes next. */
function hidden({ place, stacks }: Scene): Unknown[] {
  const last = place?.direction === 'reply' ? (place.stage === 'beyond' ? place.before : null) : place?.after;
  const stack = last && stacks[last.where];
  const unknown = stack ? hiddenBy(last.link, stack) : undefined;
  return unknown ? [unknown] : [];
}

/** Whoever was to ask from outside was not heard: that decides nothing about this host. */
function nobodyCame({ flow, path, place, sightings }: Scene): Unknown[] {
  if (flow.from !== 'outside' || place !== null || sightings.some(({ kind }) => kind === 'request'))
    return [];
  const at = path.hops[0]?.name ?? 'this host';
  const asked = sightings.some(({ kind }) => kind === 'neighbour');
  return [
    {
      what: `a packet from outside for ${destination(flow)}`,
      because: `none arrived on ${at} while it was waited for: nobody asked, or it was lost before ${at}${asked ? '; neighbours there did ask for the address' : ''}`,
    },
  ];
}

function blindness(result: RunResult): Unknown[] {
  const hops = [...result.blind].map(([hop, because]) => ({ what: `packets on ${hop}`, because }));
  const drops = result.drops.known ? [] : [{ what: 'what the kernel dropped', because: result.drops.detail }];
  const rules = result.hits.known ? [] : [{ what: 'the firewall rules met', because: result.hits.detail }];
  const partly = result.partlyBlind.map(({ side, because }) => ({
    what: `the firewall rules of the ${side}`,
    because,
  }));
  return [...hops, ...drops, ...rules, ...(result.hits.known ? partly : [])];
}

/** A fault needs a place that was seen; without captures to see it, nothing is decided. */
function statusOf(scene: Scene, result: RunResult, claimed: boolean): Status {
  if (result.lostSight) return 'undecided';
  if (claimed) return 'fault';
  const silentDatagram = scene.flow.proto === 'udp' && scene.symptom.kind === 'silence';
  if (silentDatagram || !scene.place) return 'undecided';
  return result.captured.size > 0 || scene.symptom.kind === 'not-sent' ? 'fault' : 'undecided';
}
