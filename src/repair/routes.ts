/** Routes as text that `ip route add` takes back. */
import { type Answer, known } from '../model/answer.ts';
import { ask } from './ask.ts';
import { lines, listing, type State } from './state.ts';
import type { Look } from './subject.ts';

/** What the kernel adds to a listing by itself, and `ip route add` does not take. */
const STATE =
  /\s(?:linkdown|dead|offload|trap|rt_offload|rt_trap|unresolved|expires \S+|error -?\d+|users \S+)(?=\s|$)/g;

/** Routes of the local table and those that come and go with an address or a router's advertisement. */
const automatic = (line: string): boolean =>
  /^(local|broadcast|anycast|multicast)\s/.test(line) ||
  /\btable local\b/.test(line) ||
  /^(unicast )?(fe80::\/64|ff00::\/8)\b/.test(line) ||
  /\bproto (ra|redirect)\b/.test(line);

/** One route a line (multipath routes are folded by `-o`), without what is not configuration. */
export const routeLines = (text: string): string[] =>
  lines(text)
    .map((line) => line.replaceAll('\\', ' ').replace(STATE, '').replace(/\s+/g, ' ').trim())
    .filter((line) => !automatic(line));

/** The routes of every table that leave through the interface, of both families. */
export async function readRoutes(look: Look, device: string): Promise<Answer<State>> {
  const [four, six] = await Promise.all(
    (['-4', '-6'] as const).map((family) =>
      ask(look, ['ip', '-o', family, 'route', 'show', 'table', 'all', 'dev', device]),
    ),
  );
  if (!four?.known) return four as Answer<never>;
  // Without IPv6 in the kernel there is nothing to list.
  const six6 = six?.known ? six.value : '';
  const through = (text: string) => listing(routeLines(text).map((line) => withDevice(line, device)));
  return known({ 'routes 4': through(four.value), 'routes 6': through(six6) }, four.source);
}

/** `ip route show dev X` leaves out what was asked for. */
const withDevice = (line: string, device: string): string =>
  / dev /.test(line)
    ? line
    : line.replace(/^((?:unicast )?\S+(?: via (?:inet6? )?\S+)?)/, `$1 dev ${device}`);
