/** The pipeline: name → target → path → witnesses → probe → evidence → causes → verdict. */
import { findOwnStack } from '../discover/own-stack.ts';
import { readStacks } from '../discover/path.ts';
import type { Machine } from '../host/machine.ts';
import { ownPorts } from '../host/own-ports.ts';
import type { Answer } from '../model/answer.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { parseStart } from '../model/ends.ts';
import type { Event } from '../model/event.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import type { Control } from '../model/scene.ts';
import type { Target } from '../model/target.ts';
import { lookUpDocument } from '../resolver/document.ts';
import { findTarget } from '../targets/target.ts';
import type { Instance } from '../witness/journey/instance.ts';
import { askedPlainly, deafToEdns } from './asked-plainly.ts';
import { beginBearers, borne, whatStandsBehind } from './bearers.ts';
import { beginNow, failsNow, type Now, timeToAsk } from './begins-now.ts';
import { answeredByHost, behind } from './behind.ts';
import { besidePing } from './beside-ping.ts';
import type { Deadline } from './deadline.ts';
import { askOthers, everyAddress, firstOfFamily, silentOnes } from './every-address.ts';
import { flowsOf } from './flow.ts';
import { followFlow } from './follow-flow.ts';
import { itsProxy } from './its-proxy.ts';
import { withLibraries } from './libraries-differ.ts';
import { flowsToServers } from './named.ts';
import { notLookedAt, unlessUnseen } from './not-looked-at.ts';
import { passedOn } from './passed-on.ts';
import { sweep } from './sweep.ts';

export interface Asking {
  /** Gives up what it waits for when the deadline is over. */
  readonly machine: Machine;
  readonly question: Question;
  /** Whom the question is about, who has been told of. */
  readonly found: Promise<Target>;
  /** When it began: nanoseconds of CLOCK_MONOTONIC. */
  readonly started: bigint;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  tell(event: Event): void;
  /** Opens a tracing instance for one run, which whoever asks takes back. */
  tracing(): Promise<Answer<Instance>>;
}

/** Ends when a `diagnosis` event has been told and what was armed for it is taken back. @throws Failure */
export async function ask({
  machine: given,
  question,
  found,
  started,
  deadline,
  signal,
  tell,
  tracing,
}: Asking): Promise<void> {
  const { machine, isOwn, othersIn } = ownPorts(given);
  const leftovers: Promise<unknown>[] = [];
  const watching: Now[] = [];
  try {
    const named = await found;
    if (question.trace) sweep(machine);
    const now = beginNow(machine, question, named, isOwn);
    watching.push(now);
    const stacks = await deadline.before('its links and routes were read', readStacks(machine, named, true));
    const failing = now.failing(stacks.container);
    const own = await findOwnStack(machine, named, stacks.container);
    const target = own ? { ...named, ownStack: own } : named;
    const start = parseStart(question.from);
    const source = start.kind === 'other' ? await findTarget(machine, start.target) : null;
    const asked = { machine, question, target, stacks, signal: deadline.signal };
    const common = { machine, question, target, source, stacks, started, deadline, tracing, othersIn };
    const notes: Unknown[] = [];
    for (const one of await deadline.before('what its programs do was seen', failing)) {
      const told = await failsNow(one, common, tell, signal);
      if (!told) return;
      leftovers.push(told.dismantled);
      if (told.fails) return tell({ type: 'diagnosis', diagnosis: told.diagnosis });
      notes.push(told.note);
    }
    let { flows: wanted, story } = await deadline.before('the destination had an address', flowsOf(asked));
    const from = start.kind === 'container' ? target.netns : (source?.netns ?? null);
    const others = askOthers(machine, wanted, {
      netns: from,
      wait: question.wait * 1000,
      host: stacks.host,
      story,
    });
    const look = async (flow: Flow, addresses: readonly string[]) => {
      tell({ type: 'flow', flow });
      const one = await followFlow({ ...common, flow, addresses, story }, tell, signal);
      if (one) leftovers.push(one.dismantled);
      return one;
    };
    const bearers = beginBearers(machine, target, wanted);
    const handshake = besidePing(machine, question, wanted, from);
    const proxy = itsProxy(asked, wanted[0]!);
    /** Each is begun when the one before it has been answered for. */
    const rounds = [
      async () => firstOfFamily(wanted),
      async () => (await others).failing,
      async () => (story ? flowsToServers(await story, question) : []),
    ];
    const verdicts: Diagnosis[] = [];
    let control: Control | null = null;
    const seen = new Set<string>();
    /** A look that could not be finished tells nothing: what has been found by then is told. */
    const isLate = (): boolean =>
      verdicts.length > 0 && Number(machine.now() - started) / 1e6 > deadline.probing;
    const unlessLate = (error: unknown): undefined => {
      if (!isLate()) throw error;
    };
    const unseen: Flow[] = [];
    let askedAgain = false;
    /** What a proxy or resolver on this host answered or not, by the flow that it makes of the question. */
    const taken = new Map<Flow, Diagnosis>();
    for (const round of rounds) {
      const flows = [...(await round())];
      for (const flow of flows) {
        const key = `${flow.proto} ${flow.address} ${flow.port}`;
        if (seen.has(key) && !taken.has(flow)) continue;
        seen.add(key);
        if (isLate()) {
          unseen.push(flow);
          continue;
        }
        const named = wanted.filter(({ to }) => to === flow.to).map(({ address }) => address);
        const one = await look(flow, named.length > 0 ? named : [flow.address]).catch(unlessLate);
        if (one === undefined) unseen.push(flow);
        if (one === undefined) continue;
        if (one === null) return;
        if (flow === wanted[0]) control = one.control;
        // The resolver answers by now: what was meant can be asked.
        const resolves = flow.insteadOf !== undefined && one.diagnosis.status === 'healthy' && !askedAgain;
        if (resolves) {
          askedAgain = true;
          seen.delete(key);
          ({ flows: wanted, story } = await flowsOf(asked));
          flows.push(...firstOfFamily(wanted));
          continue;
        }
        const plainly = await askedPlainly(flow, one.diagnosis, story);
        if (plainly) {
          seen.delete(key);
          notes.push(deafToEdns(flow, one.diagnosis));
          flows.push(plainly);
          continue;
        }
        const first = taken.get(flow);
        // What is made of it decides: a proxy's own answer proves only that it runs, and a resolver waits for another.
        verdicts.push(first && one.diagnosis.status === 'healthy' ? first : one.diagnosis);
        const onward = answeredByHost(target, one.diagnosis)
          ? await behind(machine, target, stacks.container, one.diagnosis)
          : passedOn(machine, target, flow, one.diagnosis);
        if (!onward) continue;
        taken.set(onward, verdicts.pop()!);
        flows.push(onward);
      }
    }
    const asides = await others;
    const addresses = borne(everyAddress(wanted, verdicts, asides), await bearers);
    const seenBeside: Evidence[] = [...whatStandsBehind(wanted, await bearers)];
    for (const ask of [
      handshake && (() => handshake(verdicts, control, look)),
      proxy && (() => proxy(look)),
    ]) {
      const one = ask && !isLate() ? await ask().catch(unlessLate) : undefined;
      if (one === null) return;
      if (one?.diagnosis) verdicts.splice(0, one.replaces ? verdicts.length : 0, one.diagnosis);
      if (one?.note) notes.push(one.note);
      if (one?.says) seenBeside.push(one.says);
    }
    const isWell = verdicts.every(({ status }) => status === 'healthy') && !isLate();
    const left = deadline.probing - Number(machine.now() - started) / 1e6;
    const asking = wanted.map(({ address }) => address);
    const later = isWell
      ? now.later(stacks.container, asking, left - timeToAsk(question), deadline.signal)
      : [];
    for (const one of await later) {
      // What was asked for has been answered: that this was not looked at too does not take it back.
      const told = isLate() ? undefined : await failsNow(one, common, tell, signal).catch(unlessLate);
      if (told === undefined) notes.push(notLookedAt(one.flow));
      if (told === undefined) continue;
      if (told === null) return;
      leftovers.push(told.dismantled);
      if (told.fails) return tell({ type: 'diagnosis', diagnosis: told.diagnosis });
      notes.push(told.note);
    }
    const verdict = withLibraries(unlessUnseen(worst(verdicts), unseen), target, await story);
    tell({
      type: 'diagnosis',
      diagnosis: {
        ...verdict,
        evidence: [...verdict.evidence, ...seenBeside],
        unknown: [...verdict.unknown, ...silentOnes(asides), ...unseen.map(notLookedAt), ...notes],
        ...(addresses ? { addresses } : {}),
        ...(story ? { lookUp: lookUpDocument(await story) } : {}),
      },
    });
  } finally {
    deadline.stop();
    await Promise.all([...leftovers, ...watching.map((one) => one.stop())]);
  }
}

const SEVERITY = { fault: 0, undecided: 1, healthy: 2 } as const;

/** That a name is nothing to one library: what its servers do says why, where it says anything. */
const isGeneral = ({ cause }: Diagnosis): number => Number(cause === 'dns-libraries-differ');

/** Each family has its own verdict; the worse one speaks, and carries the other. */
function worst(verdicts: readonly Diagnosis[]): Diagnosis {
  const [first, ...others] = verdicts.toSorted(
    (a, b) => SEVERITY[a.status] - SEVERITY[b.status] || isGeneral(a) - isGeneral(b),
  );
  return others.length > 0 ? { ...first!, families: others } : first!;
}
