/** The control witness: does the host itself reach the destination? The same probe, once, from the host's own namespace. */
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import { destination, type Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Control } from '../model/scene.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import type { ProbeKind, ProbeRun } from '../probe/kind.ts';
import { probeKindOf } from '../probe/kinds.ts';

export type Open = (
  machine: Machine,
  plan: {
    readonly flow: Flow;
    readonly kind: ProbeKind;
    readonly count: number;
    readonly first: number;
    readonly netns: Netns | null;
    readonly device?: string;
    readonly sourcePort?: number | null;
    readonly source?: string;
    readonly ttl?: number;
    readonly tos?: number;
    readonly mark?: number;
    onOutcome(outcome: ProbeOutcome): void;
    onTimeUp?(): void;
  },
) => Answer<{ readonly run: ProbeRun; send(onSent: () => void): Promise<void>; close(): void }>;

export type Bound = Pick<Parameters<Open>[1], 'device' | 'sourcePort' | 'source' | 'ttl' | 'tos' | 'mark'>;

/** What takes longer was sent again: TCP_TIMEOUT_INIT is a second, which clocks of jiffies may shorten. Microseconds. */
export const REPEATED = 900_000;

export interface ControlProbe {
  readonly answer: Promise<Control>;
  /** What is sent, by which it is known again; null where nothing could be. */
  readonly run: ProbeRun | null;
  /** What is known by now. */
  soFar(): Control;
  /** What is known by now; the probe is given up. */
  cancel(): Control;
}

/** `wait` in milliseconds; `bound`: how it must leave (by which interface, from which port, …), where that matters. */
export function askControl(
  machine: Machine,
  flow: Flow,
  wait: number,
  open: Open,
  bound: Bound = {},
): ControlProbe {
  let finish: (control: Control) => void = () => {};
  let given: Control | undefined;
  const answer = new Promise<Control>((resolve) => {
    finish = resolve;
  });
  const settle = (outcome: ProbeOutcome | null, asked = true): Control => {
    if (given) return given;
    cancel();
    if (sender.known) sender.value.close();
    given = { ...told(flow, outcome, asked), ...again(outcome) };
    finish(given);
    return given;
  };
  const begun = machine.now();
  /** Its round trip is the one that the kernel measured: of the SYN that was answered. */
  const again = (outcome: ProbeOutcome | null): Pick<Control, 'again'> => {
    const trip = outcome?.result === 'answered' && flow.proto === 'tcp' ? outcome.microseconds : null;
    return trip && Number(machine.now() - begun) / 1000 - trip > REPEATED ? { again: true } : {};
  };
  const cancel = machine.after(wait, () => settle(null));
  const sender = open(machine, {
    flow: { ...flow, from: 'host' },
    kind: probeKindOf(flow.proto),
    count: 1,
    first: 0,
    netns: null,
    ...bound,
    onOutcome: (outcome) => settle(outcome),
    // Nobody waited long enough to say that no answer comes.
    onTimeUp: () => settle(null, false),
  });
  if (sender.known) void sender.value.send(() => {});
  else settle(null, false);
  return {
    answer,
    run: sender.known ? sender.value.run : null,
    soFar: () => given ?? told(flow, null, true),
    cancel: () => settle(null),
  };
}

function told(flow: Flow, outcome: ProbeOutcome | null, asked: boolean): Control {
  const outcomes = outcome ? [outcome] : [];
  const answered = outcome?.result === 'answered' || outcome?.result === 'refused';
  const far = destination(flow);
  if (!asked) return { asked: false, answered: false, outcomes, says: 'the host itself could not be asked' };
  const says = answered
    ? `the host itself reaches ${far}${outcome?.result === 'refused' ? ' (which refuses it)' : ''}`
    : `the host itself gets no answer from ${far} either${outcome?.errno ? ` (${outcome.errno})` : ''}`;
  return { asked, answered, outcomes, says };
}
