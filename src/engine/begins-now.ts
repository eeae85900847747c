/** Where nobody names a destination, the question begins at what the target's own programs fail at now. */
import { failingFlows, firstLook } from '../discover/failing.ts';
import { watchRefusals } from '../discover/refusals.ts';
import type { Machine } from '../host/machine.ts';
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
  /** Those that were refused again and again since, but for an end that netdoctor itself has asked. */
  refused(own: string): readonly Begun[];
  stop(): Promise<void>;
}

/** Takes the first look at once, where nobody says what to ask. */
export function beginNow(machine: Machine, question: Question, target: Target): Now {
  const first = asksNothing(question) ? firstLook(machine, target) : null;
  const refusals = first && watchRefusals(machine, target.netns);
  const begun = (all: readonly Failing[]): readonly Begun[] =>
    all
      .filter(({ family }) => question.family === undefined || family === question.family)
      .slice(0, MOST)
      .map((failing) => ({ failing, flow: flowOf(failing) }));
  return {
    failing: async (stack) => (first ? begun(await failingFlows(machine, target, stack, first)) : []),
    refused: (own) => begun((refusals?.seen() ?? []).filter(({ address }) => address !== own)),
    stop: async () => refusals?.stop(),
  };
}

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
