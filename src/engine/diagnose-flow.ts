/** One flow from its path to its verdict. */
import { gather } from '../discover/facts.ts';
import { discoverPath, type Stacks } from '../discover/path.ts';
import { ruleLookUp } from '../discover/rules/look-up.ts';
import { readStack } from '../discover/stack.ts';
import { stillThere } from '../discover/target.ts';
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Diagnosis, Status } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { Unknown } from '../model/evidence.ts';
import { cannotLook } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import type { Path } from '../model/path.ts';
import type { Question } from '../model/question.ts';
import type { Control, Scene } from '../model/scene.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { askControl } from '../witness/control.ts';
import type { Instance } from '../witness/journey/instance.ts';
import type { Scope } from '../witness/rule.ts';
import { document } from './document.ts';
import { allNeeds, type Gathered, judge } from './judge.ts';
import { locate, lostProbe } from './place.ts';
import { type RunResult, runProbes } from './run.ts';
import { openSender } from './sending.ts';

export interface FlowQuestion {
  readonly machine: Machine;
  readonly question: Question;
  readonly target: Target;
  readonly flow: Flow;
  readonly stacks: Omit<Stacks, 'other'>;
  /** When the whole question began: nanoseconds of CLOCK_MONOTONIC. */
  readonly started: bigint;
  /** A tracing instance for one run; the first has been opened ahead of time. */
  tracing(): Promise<Answer<Instance>>;
}

export async function diagnoseFlow(
  asked: FlowQuestion,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<{ diagnosis: Diagnosis; dismantled: Promise<unknown> }> {
  const { machine, question, target, flow, started } = asked;
  const since = (): number => Number(machine.now() - started) / 1e6;
  const discovery = await discoverPath(machine, target, flow, asked.stacks);
  const { path } = discovery;
  tell({ type: 'path', path });
  const discovered = since();

  const control = wantsControl(flow, path)
    ? askControl(machine, flow, question.wait * 1000, openSender)
    : undefined;
  const ran = await runProbes(
    machine,
    {
      path,
      flow,
      count: question.count,
      wait: question.wait * 1000,
      deadline: Math.max(100, question.timeout * 1000 - discovered),
      trace: question.trace,
      tracing: asked.tracing(),
      netns: flow.from === 'container' ? target.netns : null,
      scopes: scopesOf(path, target),
      lookUp: ruleLookUp(machine),
    },
    tell,
    signal,
  );
  if (!ran.known)
    throw cannotLook(
      ran.because,
      `No probe could be sent: ${ran.detail}.`,
      ran.because === 'no-permission'
        ? `Run it as root: sudo netdoctor ${target.name}`
        : 'See the reason above.',
    );
  const result = ran.value;
  if (!stillThere(machine, target))
    throw cannotLook(
      'container-gone',
      `${target.name} went away while it was looked at.`,
      `netdoctor ${target.name} when it runs again`,
    );

  const judging = since();
  const heard = await heardFrom(control, result);
  if (heard) tell({ type: 'control', control: heard });
  const stacks = await readAfter(machine, target, discovery.stacks);
  const drops = result.drops.known ? result.drops.value : [];
  const located = locate({
    path,
    flow,
    sightings: result.sightings,
    captured: result.captured,
    outcomes: result.outcomes,
    drops,
    host: stacks.host,
  });
  const scene: Scene = {
    target,
    flow,
    path,
    stacks,
    sightings: result.sightings,
    captured: result.captured,
    outcomes: result.outcomes,
    control: heard,
    drops: result.drops,
    ...located,
  };
  const blind = blindness(result);
  const hits = result.hits.known ? result.hits.value : [];
  const healthy = located.symptom.kind === 'answered' && result.outcomes.length > 0;
  const facts: Gathered = healthy
    ? {}
    : await gather(
        machine,
        scene,
        allNeeds().filter((need) => need !== 'ruleHits'),
      );
  const { claims, unknown } = healthy
    ? { claims: [], unknown: [] }
    : judge(scene, { ...facts, ruleHits: result.hits });
  const status: Status = healthy ? 'healthy' : statusOf(scene, result, claims.length > 0);
  const diagnosis = document({
    scene,
    status,
    claims,
    notes: [],
    unknown: status === 'healthy' ? [] : [...blind, ...(claims.length > 0 ? [] : unknown)],
    hits,
    times: {
      total: since(),
      discover: discovered,
      arm: result.arming,
      probe: result.probing,
      judge: since() - judging,
    },
  });
  return { diagnosis, dismantled: result.dismantled };
}

/** A host that cannot reach the destination either says that the container is not to blame. */
const wantsControl = (flow: Flow, path: Path): boolean =>
  flow.from === 'container' && path.ending === 'outside';

/** How long a control may lag behind a verdict that is there already. Milliseconds. */
const CONTROL_LAG = 30;

async function heardFrom(
  control: ReturnType<typeof askControl> | undefined,
  result: RunResult,
): Promise<Control | null> {
  if (!control) return null;
  // Everything came back: nobody needs the comparison.
  if (!lostProbe(result.outcomes)) return control.cancel();
  return Promise.race([
    control.answer,
    new Promise<Control>((resolve) => setTimeout(() => resolve(control.cancel()), CONTROL_LAG)),
  ]);
}

function scopesOf(path: Path, target: Target): Scope[] {
  const families = new Set(['bridge', 'arp']);
  const other = path.hops.find((hop) => hop.where === 'other');
  const scopes: Scope[] = [
    { side: 'host', netns: null, families },
    { side: 'container', netns: target.netns, families: new Set() },
  ];
  if (other) scopes.push({ side: 'other', netns: other.netns, families: new Set() });
  return target.hostNetwork ? scopes.slice(0, 1) : scopes;
}

/** The state once more: neighbours and entries are what the probe made of them. */
async function readAfter(machine: Machine, target: Target, before: Stacks): Promise<Stacks> {
  const again = async (stack: Stack): Promise<Stack> => {
    const now = await readStack(machine, stack.netns);
    return now.known ? now.value : stack;
  };
  const [container, host, other] = await Promise.all([
    again({ ...before.container, netns: target.netns }),
    again({ ...before.host, netns: null }),
    before.other ? again(before.other) : null,
  ]);
  return { container, host, other };
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
