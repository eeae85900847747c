/** Where nobody names a destination, the question begins at what the target's own programs fail at now. */
import { type Attempts, watchAttempts } from '../discover/attempts.ts';
import { failingFlows, firstLook, unlessAnswered } from '../discover/failing.ts';
import { hasAsked } from '../discover/has-asked.ts';
import { pause } from '../host/clock.ts';
import type { Machine } from '../host/machine.ts';
import type { OwnPorts } from '../host/own-ports.ts';
import type { Event } from '../model/event.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Failing } from '../model/failing.ts';
import type { Flow } from '../model/flow.ts';
import { destination } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { failingInWords } from '../words/failing.ts';
import { fromState } from '../words/telling.ts';
import { type Diagnosed, diagnoseFlow, type FlowQuestion } from './diagnose-flow.ts';
import { itsNames } from './its-names.ts';
import { SAMPLE } from './named.ts';

/** More flows than this are looked at only when somebody asks for them. */
const MOST = 3;
/** Seconds in which a packet has crossed this host, and been answered by one that is near. */
const CROSSING = 0.2;

/** Is the question what is asked where nobody says what? */
export const asksNothing = ({ usual, to, from, proto, name }: Question): boolean =>
  (to === undefined || usual === true) && from === 'container' && proto === undefined && name === undefined;

export interface Begun {
  readonly failing: Failing;
  readonly flow: Flow;
}

export interface Now {
  /** The flows that fail, when the target's addresses are known. */
  failing(stack: Stack): Promise<readonly Begun[]>;
  /**
   * Those that were tried in vain since, but for ends that netdoctor itself has asked (`own`), when programs have been watched for
   * long enough, if they ask anything at all. `most`: how long that may take from now on, in milliseconds; it ends with `signal`.
   */
  later(stack: Stack, own: readonly string[], most: number, signal: AbortSignal): Promise<readonly Begun[]>;
  stop(): Promise<void>;
}

/** Takes the first look at once, where nobody says what to ask. */
export function beginNow(
  machine: Machine,
  question: Question,
  target: Target,
  isOwn: OwnPorts['isOwn'],
): Now {
  const first = asksNothing(question) ? firstLook(machine, target) : null;
  const attempts = first && watchAttempts(machine, target.netns, isOwn);
  const began = machine.now();
  const asked = new Set<string>();
  const begun = (all: readonly Failing[]): readonly Begun[] =>
    all
      .filter(({ family }) => question.family === undefined || family === question.family)
      .slice(0, MOST)
      .map((failing) => ({ failing, flow: flowOf(failing) }))
      .map((one) => {
        asked.add(one.flow.address);
        return one;
      });
  return {
    failing: async (stack) => (first ? begun(await failingFlows(machine, target, stack, first)) : []),
    async later(stack, own, most, signal) {
      if (!attempts) return [];
      if (hasAsked(machine, target.netns)) await watched(machine, attempts, began, { most, signal });
      if (signal.aborted) return [];
      const found = attempts.seen().filter(({ address }) => !own.includes(address) && !asked.has(address));
      return begun(await unlessAnswered(machine, stack, found));
    },
    stop: async () => attempts?.stop(),
  };
}

/** Most that try again do so within a second; what was tried once by then may be tried again, or answered. Milliseconds. */
const WATCHED = { least: 1000, most: 2500, step: 50 } as const;

async function watched(
  machine: Machine,
  attempts: Attempts,
  began: bigint,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<void> {
  const past = (): number => Number(machine.now() - began) / 1e6;
  const until = past() + most;
  const isEnough = (): boolean =>
    signal.aborted ||
    past() >= until ||
    (past() >= WATCHED.least && !(attempts.isOpen() && past() < WATCHED.most));
  while (!isEnough()) await pause(machine, WATCHED.step);
}

/** What arming and telling take, beside the answer that is waited for. Milliseconds. */
const BESIDE = 500;

/** What is kept of the time so that one flow that was seen to fail can be asked. Milliseconds. */
export const timeToAsk = ({ wait }: Question): number => wait * 1000 + BESIDE;

function flowOf(failing: Failing): Flow {
  const { from, address, proto, port, family } = failing;
  const to = destination(failing);
  return { from, to, address, proto, port, family, ...(proto === 'dns' ? { question: SAMPLE } : {}) };
}

/** What became of one of them: it fails, or netdoctor was answered where the program is not. */
export type Fails = Diagnosed &
  ({ readonly fails: true } | { readonly fails: false; readonly note: Unknown });

/** Asks the same as the program does. Null when it was interrupted before it could say anything. */
export async function failsNow(
  { failing, flow }: Begun,
  common: Omit<FlowQuestion, 'flow' | 'addresses'>,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<Fails | null> {
  tell({ type: 'flow', flow });
  const says = failingInWords(failing);
  // What need not be answered is only asked how far it gets: that is seen at once.
  const mayBeSilent = failing.how === 'unanswered' && flow.proto === 'udp';
  const question = mayBeSilent ? { ...common.question, wait: CROSSING } : common.question;
  const asked = {
    ...common,
    question,
    flow,
    addresses: [flow.address],
    begins: [fromState(says, failing.source)],
  };
  const { machine, target, stacks } = common;
  const names = itsNames({ machine, target, stack: stacks.container, signal }, flow.address);
  const one = await diagnoseFlow(asked, tell, signal);
  if (!one) return null;
  if (one.diagnosis.status === 'fault') {
    const evidence = [...one.diagnosis.evidence, ...(await names)];
    return { ...one, diagnosis: { ...one.diagnosis, evidence }, fails: true };
  }
  const because =
    one.diagnosis.status === 'healthy'
      ? 'netdoctor asked the same and was answered'
      : 'whether that is a fault could not be decided: not everything is answered';
  return { ...one, fails: false, note: { what: says, because } };
}
