/** `ip link set`, `ip addr`, `bridge link|vlan|fdb`: one interface as a whole, since such changes take others along. */
import type { Change } from '../../model/fix.ts';
import { readDevice } from '../device.ts';
import { restoreDevice } from '../device-restore.ts';
import { after, ipWords, ownWords } from '../ip-words.ts';
import type { State } from '../state.ts';
import type { Argv, Observe } from '../subject.ts';

/** The interface an argument list is about, or null. */
function deviceOf(argv: Argv): string | null {
  const { object, verb, rest } = ipWords(argv);
  if (argv[0] === 'bridge' && ['link', 'vlan', 'fdb'].includes(object)) return after(rest, 'dev');
  if (argv[0] !== 'ip') return null;
  if (object === 'address') return after(rest, 'dev') ?? (verb === 'flush' ? (rest[0] ?? null) : null);
  if (object !== 'link') return null;
  if (verb === 'add') {
    const own = ownWords(rest);
    if (after(own, 'netns') !== null) return null;
    return after(own, 'name') ?? own.find((word) => !['link', 'dev'].includes(word)) ?? null;
  }
  return rest[0] === 'dev' ? (rest[1] ?? null) : (rest[0] ?? null);
}

const SETTINGS = new Set(['mtu', 'address', 'master']);

/** What the settings named in the call will be. */
function expected(argv: Argv): State | null {
  const { object, verb, rest } = ipWords(argv);
  if (argv[0] !== 'ip' || object !== 'link' || verb !== 'set') return null;
  const state: Record<string, string> = {};
  // An interface may be called `down`.
  const words = rest.slice(rest[0] === 'dev' ? 2 : 1);
  words.forEach((word, index) => {
    const value = words[index + 1];
    if (word === 'up' || word === 'down') state.state = word;
    else if (word === 'nomaster') state.master = '';
    else if (SETTINGS.has(word) && value !== undefined) state[word] = value;
  });
  return Object.keys(state).length > 0 ? state : null;
}

export default ((argv) => {
  const device = deviceOf(argv);
  if (device === null) return null;
  const { object, verb } = ipWords(argv);
  return {
    ...(argv[0] === 'ip' && object === 'link' && verb === 'add' ? { makes: device } : {}),
    what: `interface ${device}`,
    read: (look) => readDevice(look, device),
    expected: () => expected(argv),
    restore: (now: State, wanted: State): Change[] => restoreDevice(device, now, wanted),
  };
}) satisfies Observe as Observe;
