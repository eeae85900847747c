import type { Command } from '../model/netns.ts';
import type { DemoNetwork } from './network.ts';

/** What netdoctor is asked about the broken network, in the words of its command line. */
export interface Question {
  readonly target: string;
  readonly from?: string;
  readonly to: string;
  readonly proto?: string;
}

/** One way to break the demo's network. Its id is the cause that the verdict must name. */
export interface DemoFault {
  readonly id: string;
  readonly title: string;
  /** What happens and how it comes about in life; shown after the diagnosis. */
  readonly lecture: string;
  /** Other causes that a verdict may name with equal right. */
  readonly alsoRight?: readonly string[];
  /** Small packets get through, and only big ones do not. */
  readonly sparesSmall?: boolean;
  /** The container to the internet unless told. */
  question?(net: DemoNetwork): Omit<Question, 'target'> & { readonly target?: string };
  /** The commands that break it, in order; without `in` they run on the demo's host. */
  inject(net: DemoNetwork): readonly Command[];
}

/** Declares a fault of the demo. */
export const fault = (definition: DemoFault): DemoFault => definition;

/** The question that goes with a fault. */
export function questionOf(chosen: DemoFault, net: DemoNetwork): Question {
  const asked = chosen.question?.(net);
  return { target: `netns:${net.container.name}`, to: net.internet.address, ...asked };
}

/** The question as a person would type it. */
export const questionLine = ({ target, from, to, proto }: Question): readonly string[] => [
  'netdoctor',
  'diagnose',
  target,
  ...(from === undefined ? [] : ['--from', from]),
  '--to',
  to,
  ...(proto === undefined ? [] : ['--proto', proto]),
];
