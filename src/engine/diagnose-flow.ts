/** One flow from its path to its verdict. */
import { askingUser } from '../discover/asking-user.ts';
import { choiceOf } from '../discover/choice.ts';
import { cgroupThatMatters, isFrozen } from '../discover/facts/cgroup.ts';
import { gatherOne } from '../discover/facts.ts';
import { discoverPath, type Stacks } from '../discover/path.ts';
import { answersForOthers } from '../discover/proxies.ts';
import { ruleLookUp } from '../discover/rules/look-up.ts';
import { askedOnce } from '../host/asked-once.ts';
import { type Clock, within } from '../host/clock.ts';
import type { Machine } from '../host/machine.ts';
import type { OwnPorts } from '../host/own-ports.ts';
import { holdingQueues } from '../kernel/holding-queue.ts';
import type { Answer } from '../model/answer.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { Evidence } from '../model/evidence.ts';
import { cannotLook } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Path } from '../model/path.ts';
import type { Question } from '../model/question.ts';
import type { Control } from '../model/scene.ts';
import type { Target } from '../model/target.ts';
import { stillThere } from '../targets/target.ts';
import { askControl, type ControlProbe } from '../witness/control.ts';
import type { Instance } from '../witness/journey/instance.ts';
import { tryEach } from '../witness/tries.ts';
import { shellLine } from '../words/text.ts';
import { pathTaken } from './branch.ts';
import type { Deadline } from './deadline.ts';
import { notAsked, notEntered } from './gaps.ts';
import { isResolving, isSearchUnseen } from './next-hops.ts';
import { notSent } from './not-sent.ts';
import { passedOver } from './passed-over.ts';
import { longest, patience } from './patience.ts';
import { lostProbe } from './place.ts';
import { inTheEnd } from './run/answered-late.ts';
import { patienceOutside } from './run/arrival.ts';
import { type Ear, Elsewhere } from './run/elsewhere.ts';
import type { RunResult } from './run/plan.ts';
import { runProbes } from './run/run.ts';
import { openSender } from './run/sending.ts';
import { isStillSilent } from './run/so-far.ts';
import { type Asked, stateAfter } from './scene.ts';
import { scopesOf } from './scopes.ts';
import { stuckPort } from './stuck-port.ts';

export interface FlowQuestion {
  readonly machine: Machine;
  readonly question: Question;
  readonly target: Target;
  /** The other container a flow begins in. */
  readonly source: Target | null;
  readonly flow: Flow;
  /** Every address that the asked name has. */
  readonly addresses: readonly string[];
  readonly stacks: Omit<Stacks, 'other'>;
  /** When the whole question began: nanoseconds of CLOCK_MONOTONIC. */
  readonly started: bigint;
  readonly deadline: Deadline;
  readonly othersIn: OwnPorts['othersIn'];
  /** How the flow's name is looked up, or what its name server says. */
  readonly story?: Promise<LookUp> | undefined;
  /** Why this flow is asked, where nobody named it. */
  readonly begins?: readonly Evidence[];
  /** Opens a tracing instance for one run, where the trace beside the captures cannot be had. */
  tracing(): Promise<Answer<Instance>>;
}

export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  /** What the host's own probe came to; null where it was not wanted. */
  readonly control: Control | null;
  /** Resolves when all that was armed has been taken back. */
  readonly dismantled: Promise<unknown>;
}

/** Null when it was interrupted before it could say anything. @throws CameElsewhere (run/elsewhere.ts) */
export async function diagnoseFlow(
  asked: FlowQuestion,
  tell: (event: Event) => void,
  signal: AbortSignal,
  ear?: Ear,
): Promise<Diagnosed | null> {
  const { machine, question, target, source, flow, started } = asked;
  const since = (): number => Number(machine.now() - started) / 1e6;
  const sender = flow.from === 'container' ? target : source;
  const rules = source ? [] : asked.stacks.container.rules.filter(({ family }) => family === flow.family);
  const looked = flow.from === 'container' && !target.hostNetwork ? asked.othersIn(target.netns) : undefined;
  const earlier = looked?.known ? { sockets: looked.value, addresses: asked.addresses } : undefined;
  const { user, byCgroup, forNobody } = sender
    ? await askingUser(machine, sender, rules, {
        flow,
        addresses: asked.addresses,
        sockets: earlier?.sockets ?? [],
      })
    : { byCgroup: false, forNobody: [] };
  const discovery = await asked.deadline.before(
    'its path was known',
    discoverPath(machine, { target, source, uid: user?.uid }, flow, asked.stacks),
  );
  const choice = choiceOf(machine, flow, discovery.path, discovery.stacks.host);
  const path = choice.branches.length > 0 ? { ...discovery.path, branches: choice.branches } : discovery.path;
  tell({ type: 'path', path });
  const discovered = since();

  const wait = question.wait * 1000;
  const most = longest(earlier?.sockets ?? [], asked.addresses);
  const control = wantsControl(flow, path) ? askControl(machine, flow, wait + most, openSender) : undefined;
  const cgroup = sender ? cgroupThatMatters(machine, sender, byCgroup) : null;
  const frozen = cgroup !== null && isFrozen(machine, cgroup);
  if (ear) ear.elsewhere ??= new Elsewhere(machine, { flow, path, host: discovery.stacks.host });
  const plan = {
    path,
    flow,
    count: Math.max(question.count, choice.probes),
    wait,
    trace: question.trace,
    tracing: asked.tracing,
    netns: sender?.netns ?? null,
    user,
    ...(cgroup && !frozen ? { cgroup } : {}),
    // Where nobody asked, what counts are the sockets that programs have now: others, and their ports, are gone.
    sourcePort:
      sender &&
      (await stuckPort(
        machine,
        { target, flow, path, stacks: discovery.stacks },
        earlier?.sockets,
        asked.begins !== undefined,
      )),
    proxied: answersForOthers(machine, path),
    queues: holdingQueues(path, discovery.stacks.host),
    scopes: scopesOf(path, target),
    patience: asked.deadline.arming,
    ...(question.data ? { say: question.data } : {}),
    outside: patienceOutside(question, flow, since()),
    ...ear,
  };
  /** What was asked about the loss of one run does for its verdict, and for no other. */
  let once = machine;
  let facts: Asked = new Map();
  const after = stateAfter(machine, target, discovery);
  const run = (stacks: Stacks): Promise<Answer<RunResult>> => {
    const asking = askedOnce(machine);
    once = asking;
    facts = new Map();
    return runProbes(
      machine,
      {
        ...plan,
        lookUp: ruleLookUp(machine, asking),
        listenOn: async (result) => {
          const heard = control?.soFar() ?? null;
          const [{ reach }, now, lookUp] = await Promise.all([loading, after.read(), asked.story]);
          const of = {
            target,
            flow,
            path,
            stacks: now,
            result,
            control: heard,
            earlier,
            lookUp,
            asked: facts,
          };
          return patience(await reach(asking, of), flow, heard, most);
        },
        foresee(doubt) {
          if (doubt === 'probe') after.foresee();
          void gatherOne(asking, { target, flow, path, stacks }, 'firewall');
        },
        deadline: Math.max(100, asked.deadline.probing - since()),
        resolving: isResolving(path, stacks),
      },
      after.hearing(tell),
      // An interruption ends it, and the end of its time.
      asked.deadline.signal,
    );
  };
  const running = run(discovery.stacks);
  // Until the witnesses are armed there is nothing else to do.
  const loading = machine.during(import('./judging.ts'));
  let ran = await running;
  let left: Stacks | undefined;
  for (let again = 0; again < MOST_SEARCHES && flow.from !== 'outside'; again++) {
    left = undefined;
    if (!ran.known || signal.aborted || asked.deadline.probing - since() < timeFor(ran.value)) break;
    if (!lostProbe(ran.value.outcomes)) break;
    left = await after.read();
    // What is lost while a router on the way learns who is next is lost once.
    if (!(ran.value.answersLate && again === 0) && !isSearchUnseen(path, left, ran.value)) break;
    await ran.value.dismantled;
    ran = await run(left);
  }
  if (!ran.known && signal.aborted) return null;
  if (!ran.known && ran.because === 'timeout') throw asked.deadline.late(ran.detail);
  if (!ran.known) throw notSent(machine, target, ran);
  const missed = lostProbe(ran.value.outcomes);
  const others = missed ? [] : forNobody.map((rule) => notAsked(target, rule));
  const gaps = [...ran.value.gaps, ...others, ...(frozen ? [notEntered(target)] : [])];
  const result = { ...ran.value, gaps };
  const heard = await heardFrom(machine, control, result);
  if (signal.aborted) {
    await result.dismantled;
    return null;
  }
  if (!stillThere(machine, target))
    throw cannotLook(
      'container-gone',
      `${target.name} went away while it was looked at.`,
      `${shellLine(['netdoctor', target.name])} when it runs again`,
    );
  const judged = since();
  if (heard) tell({ type: 'control', control: heard });
  // When everything came back nobody asks what the probe has left behind.
  const lost = missed !== undefined || result.size?.vanished === true || result.exchange?.result === 'lost';
  const stacks = lost ? (left ?? (await after.read())) : discovery.stacks;
  const lookUp = await asked.story;
  const { sightings } = result;
  const taken = missed ? await pathTaken(machine, { flow, path, probe: missed.probe, sightings }) : path;
  const hits = result.hits.known ? result.hits.value : [];
  const compared =
    missed && heard
      ? {
          ...heard,
          ...(await tryEach(
            machine,
            { flow, path: taken, probe: missed.probe, sightings, hits, host: stacks.host, heard },
            Math.min(wait, (asked.deadline.total - since() - TELLING) / TRIES),
            openSender,
          )),
        }
      : heard;
  const { reach, document } = await loading;
  const verdict = await reach(once, {
    target,
    flow,
    path: taken,
    stacks,
    result,
    control: compared,
    earlier,
    lookUp,
    leisure: { left: () => asked.deadline.total - since() - TELLING, signal: asked.deadline.signal },
    ...(taken === path && isStillSilent(result) ? { asked: facts } : {}),
  });
  // The lost packets left by another interface than the one that was foretold: that is the line to show.
  if (taken !== path) tell({ type: 'path', path: taken });
  const diagnosis = document({
    ...verdict,
    beside: [
      ...(asked.begins ?? []),
      ...passedOver(machine, target, flow),
      ...inTheEnd(result.answersLate, path, flow),
    ],
    lookUp,
    result,
    times: {
      total: since(),
      discover: discovered,
      arm: result.arming,
      probe: result.probing,
      judge: since() - judged,
    },
  });
  return { diagnosis, control: heard, dismantled: result.dismantled };
}

/** A host that cannot reach the destination either says that the container is not to blame. */
const wantsControl = (flow: Flow, path: Path): boolean =>
  flow.from === 'container' && path.ending === 'outside';

/** How often the probes are sent again where a search for a next hop went by unseen, and the time that one takes. Milliseconds. */
const MOST_SEARCHES = 2;
const SEARCH = 1500;

/** What came late may take as long the second time. Milliseconds. */
const timeFor = ({ answersLate, waited }: RunResult): number =>
  Math.max(SEARCH, answersLate ? waited + TELLING : 0);

/** How many tries of the host wait for each other, at most. */
const TRIES = 3;
/** What is kept of the time for judging and telling, when the host asks once more. Milliseconds. */
const TELLING = 400;

/** How long a control may lag behind a verdict that is there already. Milliseconds. */
const CONTROL_LAG = 30;

async function heardFrom(
  clock: Clock,
  control: ControlProbe | undefined,
  result: RunResult,
): Promise<Control | null> {
  if (!control) return null;
  // Everything came back: nobody needs the comparison.
  if (!lostProbe(result.outcomes)) return control.cancel();
  return (await within(clock, CONTROL_LAG, control.answer)) ?? control.cancel();
}
