/**
 * The error that a full-size packet brings back teaches its namespace a path MTU, for ten minutes: afterwards programs work that
 * did not, the same question is answered otherwise, and whatever was changed meanwhile seems to have helped.
 * ip6_update_pmtu(), net/ipv6/route.c; of IPv4 the probe's own socket sees to it that nothing is learned.
 */
import type { PathMtuTold } from '../../host/kernel-told.ts';
import type { Machine } from '../../host/machine.ts';
import { command, commandLine, type Netns } from '../../model/netns.ts';
import { shellLine } from '../../words/text.ts';
import type { Gap } from '../gaps.ts';

const MILLISECONDS = 2000;

interface Way {
  readonly netns: Netns | null;
  readonly to: string;
}

/** What stands before a full-size packet is sent; null where nothing does, or nobody can say. */
export function learnedOf(machine: Machine, { netns, to }: Way): PathMtuTold | null {
  const told = machine.kernelTells('pathMtu', netns, { to });
  return told.known && told.value.mtu !== null ? told.value : null;
}

/** Forgets what the probe has taught. `before`: what was known already stays. Null where nothing is left to be told. */
export async function forgetLearned(
  machine: Machine,
  way: Way,
  before: PathMtuTold | null,
): Promise<Gap | null> {
  if (before) return told(way, before, 'since before this question');
  if (!learnedOf(machine, way)) return null;
  // The kernel lets go of one of IPv6 by itself: ip6_del_cached_rt(). Of IPv4 there is none but to forget all of them.
  if (way.to.includes(':'))
    await machine.run(command(['ip', '-6', 'route', 'flush', 'cached', 'to', 'exact', way.to], way.netns), {
      timeout: MILLISECONDS,
    });
  const left = learnedOf(machine, way);
  return left && told(way, left, 'since this question');
}

function told(way: Way, { mtu, seconds }: PathMtuTold, since: string): Gap {
  const look = shellLine(commandLine(command(['ip', 'route', 'get', way.to], way.netns)));
  return {
    of: 'path',
    what: 'how connections fare that do not know the path MTU',
    because: `the kernel has learned, ${since}, that the way to ${way.to} takes ${mtu} bytes, and programs keep to it for ${seconds} s more: ${look}`,
  };
}
