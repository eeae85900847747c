/**
 * The demo lives in namespaces of its own: the network namespace is its host, and the mount namespace hides the real
 * /run, where namespaces are named and containers' engines listen. Nothing of it has a name outside, so the kernel removes it all with its last process, however
 * that one ends.
 */
import { runAttached, whenParentEnds } from '../host/attached.ts';
import type { Machine } from '../host/machine.ts';
import { cannotLook, wrongCall } from '../model/failure.ts';
import { plain } from '../words/text.ts';
import { act } from './act.ts';

/** Tells the inner program which namespaces it must no longer be in. */
const MARK = 'NETDOCTOR_DEMO';

type Way = readonly [string, ...string[]];
const asRoot: Way = ['unshare', '--mount', '--net'];
const asUser: Way = ['unshare', '--user', '--map-root-user', '--mount', '--net'];

/** Runs this very call again in namespaces of its own; answers its exit code. @throws Failure where none are to be had. */
export async function enclose(machine: Machine, call: readonly string[]): Promise<number> {
  const way = await wayIn(machine);
  const code = await runAttached([...way, ...call], {
    [MARK]: whereabouts(machine),
    // What is changed inside is no concern of the journal outside.
    NETDOCTOR_STATE: '/run/netdoctor',
  });
  if (code === null)
    throw cannotLook('demo-not-built', 'The demo could not be started.', 'netdoctor demo --verbose');
  return code;
}

/** The first way to namespaces of one's own that this machine allows. */
async function wayIn(machine: Machine): Promise<Way> {
  let refusal = '';
  for (const way of machine.uid === 0 ? [asRoot, asUser] : [asUser]) {
    const answer = await machine.run({ argv: [...way, 'true'] });
    if (answer.known && answer.value.code === 0) return way;
    refusal = answer.known ? plain(answer.value.stderr.trim()) : answer.detail;
  }
  throw cannotLook(
    'no-namespaces',
    `A throwaway network needs namespaces of its own, and this machine gives none: ${refusal}.`,
    machine.uid === 0
      ? 'In a container, start it with --privileged.'
      : 'Run it as root: sudo netdoctor demo. (Some systems forbid user namespaces to ordinary users.)',
  );
}

/** Is this the inner program? @throws Failure when it was told so and still sees the world outside. */
export function isEnclosed(machine: Machine): boolean {
  const outside = machine.env[MARK];
  if (outside === undefined) return false;
  const here = whereabouts(machine).split(' ');
  if (outside.split(' ').some((namespace) => here.includes(namespace)))
    throw wrongCall('not-enclosed', `${MARK} is for netdoctor's own use.`, `unset ${MARK}`);
  return true;
}

/** Makes the enclosure habitable, and ends this program when the one outside ends. @throws Failure */
export async function settleIn(machine: Machine): Promise<void> {
  whenParentEnds(() => process.kill(process.pid, 'SIGTERM'));
  await act(machine, { argv: ['mount', '-t', 'tmpfs', 'netdoctor-demo', '/run'] });
  machine.makeDirectory('/run/netns');
}

/** What an ordinary user's demo cannot show, in a sentence; null for root's. */
export function shortcomings(machine: Machine): string | null {
  const map = machine.read('/proc/self/uid_map');
  if (!map.known || /^\s*0\s+0\s/.test(map.value)) return null;
  return "Without root it runs in a user namespace: the kernel's own account of the packets' journey (tracefs) cannot be read there.";
}

/** The mount and network namespaces of this program, as the kernel writes them. */
function whereabouts(machine: Machine): string {
  return ['mnt', 'net']
    .map((kind) => machine.link(`/proc/self/ns/${kind}`))
    .map((answer) => (answer.known ? answer.value : 'unknown'))
    .join(' ');
}
