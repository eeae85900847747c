/** All addresses of a name: the first of each family is looked at closely, the others are asked one question each. */
import type { Machine } from '../host/machine.ts';
import { decide } from '../kernel/routing.ts';
import type { AddressVerdict, Diagnosis } from '../model/diagnosis.ts';
import { familyOf } from '../model/ends.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Netns } from '../model/netns.ts';
import { isDefaultRoute, type Stack } from '../model/stack.ts';
import { askOnce } from './ask-once.ts';

/** More silent addresses than this say nothing that the first ones do not. */
const MOST_LOOKED_AT = 3;
/** No name of a service has more; a server may answer anything. */
const MOST_ASKED = 64;

/** Those that get a diagnosis of their own at once: a program's first choice in each family. */
export const firstOfFamily = (flows: readonly Flow[]): Flow[] =>
  flows.filter((flow, at) => flows.findIndex(({ family }) => family === flow.family) === at);

export interface Others {
  readonly answered: readonly { readonly flow: Flow; readonly microseconds: number | null }[];
  /** Without an answer: to be looked at, the first few of them. */
  readonly failing: readonly Flow[];
  /** Neither asked nor looked at. */
  readonly unasked: readonly Flow[];
}

export interface Asking {
  readonly netns: Netns | null;
  /** Milliseconds. */
  readonly wait: number;
  readonly host: Stack;
  readonly story: Promise<LookUp> | undefined;
}

/** Would the host send it out by its own default route? */
function leavesHost(host: Stack, destination: string): boolean {
  const family = familyOf(destination);
  const found = decide(host, { family, destination, source: null, iif: null });
  return found.kind === 'route' && isDefaultRoute(found.route);
}

/** One probe to each, side by side. A datagram that gets no answer tells nothing: those are not asked. */
export async function askOthers(
  machine: Machine,
  flows: readonly Flow[],
  { netns, wait, host, story }: Asking,
): Promise<Others> {
  const first = firstOfFamily(flows);
  const others = flows.filter((flow) => !first.includes(flow));
  const asked = others.filter(
    ({ proto, from }) => (proto === 'icmp' || proto === 'tcp') && from !== 'outside',
  );
  const told = await Promise.all(
    asked
      .slice(0, MOST_ASKED)
      .map(async (flow) => ({ flow, outcome: await askOnce(machine, flow, netns, wait) })),
  );
  const failing = told.filter(({ outcome }) => outcome?.result !== 'answered').map(({ flow }) => flow);
  // Each that fails decides with the others, as far as each can be looked at. Of more, those elsewhere matter to nobody
  // where a fixed order has programs begin with the same one.
  const all = failing.length <= MOST_LOOKED_AT || (await story)?.rotates === true;
  const matter = all ? failing : failing.filter(({ address }) => !leavesHost(host, address));
  const looked = matter.slice(0, MOST_LOOKED_AT);
  const answered = told.flatMap(({ flow, outcome }) =>
    outcome?.result === 'answered' ? [{ flow, microseconds: outcome.microseconds }] : [],
  );
  return {
    answered,
    failing: looked,
    unasked: others.filter((flow) => !looked.includes(flow) && !answered.some((one) => one.flow === flow)),
  };
}

/** What became of each address, in the order in which a program gets them; undefined where there is one alone. */
export function everyAddress(
  flows: readonly Flow[],
  diagnoses: readonly Diagnosis[],
  others: Others | undefined,
): readonly AddressVerdict[] | undefined {
  const addresses = [...new Set(flows.map(({ address }) => address))];
  if (addresses.length < 2) return undefined;
  return addresses.flatMap((address): AddressVerdict[] => {
    const flow = flows.find((one) => one.address === address)!;
    const { family } = flow;
    const diagnosis = diagnoses.find((one) => one.flow.address === address && one.flow.proto === flow.proto);
    const quick = others?.answered.find((one) => one.flow === flow);
    if (diagnosis) return [{ address, family, status: diagnosis.status, cause: diagnosis.cause }];
    if (quick) return [{ address, family, status: 'healthy', cause: null }];
    return [{ address, family, status: 'undecided', cause: null }];
  });
}

/** What is said of addresses that gave no answer, where that decides nothing. */
export function silentOnes({ unasked, answered, failing }: Others): Unknown[] {
  const silent = unasked.filter(({ proto }) => proto === 'icmp' || proto === 'tcp');
  if (silent.length === 0) return [];
  const all = silent.length + answered.length + failing.length + 1;
  return [
    {
      what: `${silent.length} of ${all} addresses of ${silent[0]!.to}`,
      because:
        'they gave no answer to one probe, and are too many to be looked at; programs take the first that the servers name',
    },
  ];
}
