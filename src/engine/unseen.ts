/** What a diagnosis could not look at, and why: a verdict says so beside what it found. */
import { hiddenBy } from '../discover/path/describe.ts';
import { endings } from '../kernel/drops.ts';
import { standsForMany } from '../kernel/one-to-many.ts';
import { leftInside } from '../kernel/outer-seen.ts';
import { isChild } from '../kernel/parents.ts';
import type { Unknown } from '../model/evidence.ts';
import { destination } from '../model/flow.ts';
import type { Hop } from '../model/path.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import { list } from '../words/text.ts';
import { doorsBeside } from './run/elsewhere.ts';
import type { RunResult } from './run/plan.ts';

/** The witnesses of a run that matter here. */
type Witnesses = Pick<RunResult, 'blind' | 'drops' | 'gaps' | 'hits' | 'partlyBlind'>;

export const unseen = (scene: Scene, result: Witnesses): Unknown[] => [
  ...unasked(scene),
  ...forMany(scene),
  ...through(scene),
  ...hidden(scene),
  ...besideThePath(scene),
  ...nobodyCame(scene),
  ...gapOnWire(scene),
  ...blindness(result),
];

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

/** By which interfaces of this host it went, where it is for many at once; undefined for what is for one. */
export function wentBy({ flow, stacks, passages, symptom }: Scene): readonly string[] | undefined {
  if (!standsForMany(stacks.host, flow.address) || symptom.kind === 'answered') return undefined;
  const out = passages.filter(
    ({ kind, heading, where }) => kind === 'request' && heading === 'out' && where === 'host',
  );
  return [...new Set(out.map(({ device }) => device))];
}

/** A group does not answer: where it went is all that can be seen. */
function forMany(scene: Scene): Unknown[] {
  const out = wentBy(scene);
  return out === undefined
    ? []
    : [
        {
          what: `whether those for whom ${scene.flow.address} stands heard it`,
          because: `${out.length > 0 ? `it went out by ${list(out)}` : 'it left no interface of this host'}, and nobody need answer what is for many: look there who has joined (ip maddr show)`,
        },
      ];
}

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
function hidden(scene: Scene): Unknown[] {
  const { place, stacks } = scene;
  // It is seen outside of the tunnel.
  if (leftInside(scene)) return [];
  const last = place?.direction === 'reply' ? (place.stage === 'beyond' ? place.before : null) : place?.after;
  const stack = last && stacks[last.where];
  const unknown = stack ? hiddenBy(last.link, stack) : undefined;
  return unknown ? [unknown] : [];
}

const WHOSE = { container: 'the container', host: 'this host', other: 'the other end' } as const;

/** An answer may come or go by an interface that is none of the path's. */
const besideThePath = ({ unwatched }: Scene): Unknown[] =>
  unwatched.map(({ where, because }) => ({ what: `interfaces of ${WHOSE[where]} beside the path`, because }));

/** What lies there: the two ends of a pair, or a container's interface on the wire of its parent. */
const wireName = (after: Hop, before: Hop): string => {
  const child = [after, before].find(({ link }) => isChild(link));
  return child ? `the way from ${child.link.kind} to its parent` : `a ${after.link.kind} pair`;
};

/** Between the two ends of a pair, both up, nothing is lost by itself: without a drop told, a capture may have been. */
export const isGapOnWire = (scene: Scene): boolean => {
  const { place } = scene;
  const ends = [place?.after, place?.before].map((hop) => hop && linkNow(scene, hop));
  // Between an ipvlan of layer 3 and its parent the host's kernel routes.
  const isRouted = ends.some((link) => link?.kind === 'ipvlan' && link.data.mode !== 'l2');
  return (
    place?.stage === 'wire' &&
    !isRouted &&
    endings(scene).length === 0 &&
    ends.every((link) => link?.up === true)
  );
};

function gapOnWire(scene: Scene): Unknown[] {
  const { after, before } = scene.place ?? {};
  if (!isGapOnWire(scene) || !after || !before) return [];
  return [
    {
      what: `what became of it between ${after.name} and ${before.name}`,
      because: `${wireName(after, before)} loses nothing by itself, and the kernel told of no drop: on a busy machine the capture may have missed it`,
    },
  ];
}

/** More interfaces than this are not named one by one. */
const NAMED = 4;

/** Where somebody outside was listened for. */
function doorNames({ flow, path, stacks }: Scene): string {
  const first = path.hops[0]?.name ?? 'this host';
  const beside = doorsBeside(stacks.host, flow, path).map(({ name }) => name);
  if (beside.length === 0) return first;
  return beside.length < NAMED ? `any of ${list([first, ...beside])}` : 'any interface that leads out';
}

/** Whoever was to ask from outside was not heard: that decides nothing about this host. */
function nobodyCame(scene: Scene): Unknown[] {
  const { flow, place, sightings } = scene;
  if (flow.from !== 'outside' || place !== null || sightings.some(({ kind }) => kind === 'request'))
    return [];
  const at = doorNames(scene);
  const asked = sightings.some(({ kind }) => kind === 'neighbour');
  return [
    {
      what: `a packet from outside for ${destination(flow)}`,
      because: `none arrived on ${at} while it was waited for: nobody asked, or it was lost before ${at}${asked ? '; neighbours there did ask for the address' : ''}`,
    },
  ];
}

function blindness(result: Witnesses): Unknown[] {
  const hops = [...result.blind].map(([hop, because]) => ({ what: `packets on ${hop}`, because }));
  const drops = result.drops.known ? [] : [{ what: 'what the kernel dropped', because: result.drops.detail }];
  const rules = result.hits.known ? [] : [{ what: 'the firewall rules met', because: result.hits.detail }];
  const partly = result.partlyBlind.map(({ side, because }) => ({
    what: `the firewall rules of the ${side}`,
    because,
  }));
  const gaps = result.gaps.map(({ what, because }) => ({ what, because }));
  return [...gaps, ...hops, ...drops, ...rules, ...(result.hits.known ? partly : [])];
}
