/** What the target's own programs fail at now: one look at their sockets, and at what the host tracks of them. */
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { type FailingSockets, failing, type OneWay } from '../kernel/failing.ts';
import { broadcastOf } from '../kernel/one-to-many.ts';
import { destinationRewritten, lastsBy, secondsLeft } from '../kernel/tracked.ts';
import type { Source } from '../model/answer.ts';
import type { Tracked } from '../model/facts.ts';
import type { Failing } from '../model/failing.ts';
import type { SocketState } from '../model/socket.ts';
import type { Address, Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { echoSockets } from './echo-sockets.ts';
import { keptFor } from './kept.ts';
import { parseTable } from './parse/conntrack.ts';
import { holdersOf } from './socket-holders.ts';

/** Addresses that connection tracking is asked about; few targets have more. */
const MOST = 4;

/** What was seen of the target's programs when the question came, before netdoctor itself has sent anything. */
export interface FirstLook {
  readonly sockets: readonly SocketState[];
}

/** Null where nobody can look, or the target's sockets are those of the whole host. */
export function firstLook(machine: Machine, target: Target): FirstLook | null {
  if (target.hostNetwork) return null;
  const sockets = machine.sockets(target.netns);
  return sockets.known ? { sockets: sockets.value } : null;
}

/** The flows that fail, the worst first; the second look at the sockets is taken when connection tracking has answered. */
export async function failingFlows(
  machine: Machine,
  target: Target,
  stack: Stack,
  first: FirstLook,
): Promise<readonly Failing[]> {
  const own = ownAddresses(stack);
  const entries = await entriesFrom(machine, own);
  const again = machine.sockets(target.netns);
  const found = failing({
    before: first.sockets,
    after: again.known ? again.value : [],
    neighbours: stack.neighbours,
    entries,
    kept: entries.length > 0 ? keptFor(machine) : null,
    oneWay: entries.filter(({ flags }) => flags.includes('UNREPLIED')).map((entry) => aged(machine, entry)),
    echoing: echoSockets(machine, target.netns),
    own: own[0]?.address ?? null,
    broadcasts: own.flatMap(({ family, address, prefix }) =>
      family === 4 ? (broadcastOf(address, prefix) ?? []) : [],
    ),
  });
  const holders = holdersOf(machine, target.netns.inode, new Set(found.flatMap(({ inodes }) => inodes)));
  return found.flatMap(({ inodes, ...one }): Failing[] => {
    const holder = inodes.map((inode) => holders[inode]).find((found) => found !== undefined) ?? null;
    // A socket that none of its processes has is somebody's who only visits: another netdoctor's, a debugger's.
    if (holder === null && inodes.length > 0) return [];
    return [{ ...one, holder, source: shows(one, own) }];
  });
}

/** Without datagrams to whoever has answered there before: many who are answered are so now and then, unless an entry leads astray. */
export async function unlessAnswered(
  machine: Machine,
  stack: Stack,
  found: readonly Failing[],
): Promise<readonly Failing[]> {
  if (found.every(({ proto }) => proto !== 'udp')) return found;
  const entries = await entriesFrom(machine, ownAddresses(stack));
  return found.filter(
    (one) =>
      one.proto !== 'udp' ||
      !entries.some(
        (entry) =>
          entry.proto === 'udp' &&
          entry.original.destination === one.address &&
          entry.original.destinationPort === one.port &&
          !entry.flags.includes('UNREPLIED') &&
          !destinationRewritten(entry),
      ),
  );
}

const ownAddresses = (stack: Stack): Address[] =>
  stack.links
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap(({ addresses }) => addresses)
    .filter(({ scope }) => scope === 'global')
    .slice(0, MOST);

/** A table of a million entries is not waited for: sockets tell most. Milliseconds. */
const PATIENCE = 300;
const COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';

/** What the host tracks of flows that these addresses began. Not asked where nothing is tracked: asking loads the module. */
async function entriesFrom(machine: Machine, own: readonly Address[]): Promise<readonly Tracked[]> {
  const count = machine.read(COUNT);
  if (!count.known || Number(count.value) === 0) return [];
  const answers = await Promise.all(
    own.map(({ family, address }) =>
      ask(machine, ['conntrack', '-L', '-f', `ipv${family}`, '-s', address], null, { timeout: PATIENCE }),
    ),
  );
  return answers.flatMap((answer) => (answer.known ? parseTable(answer.value) : []));
}

/** How long ago its last packet came, of one that saw no answer, or is of datagrams. */
export function aged(machine: Machine, entry: Tracked): OneWay {
  const lasts = machine.read(`/proc/sys/net/netfilter/${lastsBy(entry) ?? ''}`);
  const left = secondsLeft(entry);
  const age = lasts.known && left !== null ? Number(lasts.value) - left : Number.NaN;
  return { entry, age: age >= 0 ? age * 1000 : null };
}

/** The command that shows it again. */
function shows({ how, address, proto }: Omit<FailingSockets, 'inodes'>, own: readonly Address[]): Source {
  if (how === 'unanswered') return ['conntrack', '-L', '-s', own[0]?.address ?? '', '-d', address];
  if (how === 'backlog') return ['ss', '-tlnp'];
  return ['ss', proto === 'dns' ? '-uanp' : '-tanpoi', 'dst', address];
}
