import type { Machine } from '../host/machine.ts';
import type { WantedData } from '../model/exchange.ts';
import type { Family, Proto } from '../model/flow.ts';
import { type Question, USUAL } from '../model/question.ts';
import { configuredDestination } from './configuration.ts';

/** The question that the options of a call ask. @throws Failure for a configuration that cannot be read */
export async function questionOf(
  target: string,
  options: Readonly<Record<string, unknown>>,
  machine: Machine,
): Promise<Question> {
  const from = String(options.from);
  const proto = options.proto as Proto | undefined;
  const typed = options.to as string | undefined;
  const to = typed ?? (await usual(from, proto, machine));
  const family: Family | undefined = options.ipv4 ? 4 : options.ipv6 ? 6 : undefined;
  return {
    target,
    from,
    ...(to === undefined ? {} : { to }),
    ...(to === undefined || typed !== undefined ? {} : { usual: true }),
    ...(proto === undefined ? {} : { proto }),
    ...(family === undefined ? {} : { family }),
    ...(options.name === undefined ? {} : { name: String(options.name) }),
    ...(options.data === undefined || options.data === true ? {} : { data: dataOf(options.data) }),
    count: Number(options.count),
    wait: Number(options.wait),
    ...(options.waitOutside === undefined ? {} : { waitOutside: Number(options.waitOutside) }),
    timeout: Number(options.timeout),
    trace: options.trace !== false,
    readOnly: options.readOnly === true,
  };
}

/** `--data http`, or `--no-data`. */
const dataOf = (value: unknown): WantedData => (value === false ? 'none' : (value as WantedData));

/** Where people usually ask for. A source of their own, or a question about names, has a better default. */
async function usual(from: string, proto: Proto | undefined, machine: Machine): Promise<string | undefined> {
  if (from !== 'container' || proto === 'dns') return undefined;
  return machine.env.NETDOCTOR_TO || (await configuredDestination(machine));
}

/** A question with everything else as it is when nobody says otherwise. */
export const usualQuestion = (asked: {
  readonly target: string;
  readonly to?: string;
  readonly from?: string;
  readonly proto?: string;
}): Question => ({
  ...USUAL,
  ...asked,
  proto: asked.proto as Proto | undefined,
});
