/** From the words of a watch to the way that is watched: the target, its flow, and the hops that a request crosses. */
import { discoverPath, readStacks, type Stacks } from '../discover/path.ts';
import { flowsOf } from '../engine/flow.ts';
import { bounded } from '../host/bounded.ts';
import type { Machine } from '../host/machine.ts';
import { parseStart } from '../model/ends.ts';
import { cannotLook } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Path } from '../model/path.ts';
import type { Question } from '../model/question.ts';
import type { Target } from '../model/target.ts';
import { findTarget } from '../targets/target.ts';
import { plain, shellLine } from '../words/text.ts';

export interface Ground {
  readonly target: Target;
  readonly source: Target | null;
  readonly flow: Flow;
  readonly path: Path;
  readonly stacks: Stacks;
  /** Of the program that asks. */
  readonly netns: Netns | null;
}

/** @throws Failure for a target or destination that is none, and for a way that no hop of it can be watched */
export async function survey(machine: Machine, question: Question, signal: AbortSignal): Promise<Ground> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(question.timeout * 1000)]);
  const asking = bounded(machine, late);
  const target = await findTarget(asking, question.target);
  const stacks = await readStacks(asking, target);
  const { flows } = await flowsOf({ machine: asking, question, target, stacks, signal: late });
  const flow = flows[0]!;
  if (flow.insteadOf !== undefined)
    throw cannotLook(
      'no-address',
      `${plain(question.to ?? '')} has no address that ${plain(target.name)} could find, and nothing can be sent to it.`,
      `Ask why: ${shellLine(['netdoctor', target.name, '--to', question.to ?? ''])}`,
    );
  return surveyFlow(asking, question, flow);
}

/** The way that this flow takes now: its target and the hops may have become others since it was asked first. */
export async function surveyFlow(machine: Machine, question: Question, flow: Flow): Promise<Ground> {
  const target = await findTarget(machine, question.target);
  const start = parseStart(question.from);
  const source = start.kind === 'other' ? await findTarget(machine, start.target) : null;
  const found = await readStacks(machine, target);
  const { path, stacks } = await discoverPath(machine, { target, source }, flow, found);
  const netns = start.kind === 'container' ? target.netns : (source?.netns ?? null);
  return { target, source, flow, path, stacks, netns };
}
