/** `sysctl -w key=value …`: the keys named, and those the kernel writes along with them. */
import { type Answer, known } from '../../model/answer.ts';
import type { Change } from '../../model/fix.ts';
import { run } from '../../model/fix.ts';
import type { State } from '../state.ts';
import type { Look, Observe } from '../subject.ts';

/** The file of a dotted key; sysctl(8) takes `/` for a dot inside a name: `net.ipv4.conf.eth0/100.forwarding`. */
export function sysctlFile(key: string): string {
  const parts = key.includes('/') && !key.includes('.') ? [key] : key.split('.');
  return `/proc/sys/${parts.map((part) => part.replaceAll('/', key.includes('.') ? '.' : '/')).join('/')}`;
}

/** `[key, value]` of each assignment in the argument list. */
export const assignments = (argv: readonly string[]): [string, string][] =>
  argv
    .slice(1)
    .filter((word) => !word.startsWith('-') && word.includes('='))
    .map((word) => [word.slice(0, word.indexOf('=')).trim(), word.slice(word.indexOf('=') + 1).trim()]);

/**
 * Keys that a write to `key` changes too: forwarding of all interfaces (devinet.c inet_forward_change, which also
 * turns accept_redirects of `all`), and what `conf.all` of IPv6 hands to every interface (addrconf.c).
 */
function followers(key: string, { machine, in: where }: Look): string[] {
  const spread = /^net\.(ipv[46])\.(?:ip_forward|conf\.(?:all|default)\.(forwarding|disable_ipv6))$/.exec(
    key,
  );
  if (!spread) return [];
  const [, family, name = 'forwarding'] = spread;
  const interfaces = machine.list(`/proc/sys/net/${family}/conf`, where);
  const each = (interfaces.known ? interfaces.value : ['all', 'default']).map(
    (device) => `net.${family}.conf.${device.replaceAll('.', '/')}.${name}`,
  );
  return family === 'ipv4'
    ? [
        'net.ipv4.ip_forward',
        ...each,
        'net.ipv4.conf.all.accept_redirects',
        'net.ipv4.conf.default.accept_redirects',
      ]
    : each;
}

async function read(keys: readonly string[], look: Look): Promise<Answer<State>> {
  const state: Record<string, string> = {};
  for (const key of new Set(keys.flatMap((one) => [one, ...followers(one, look)]))) {
    const text = look.machine.read(sysctlFile(key), look.in);
    if (text.known) state[key] = text.value.trim().replace(/\s+/g, ' ');
    else if (keys.includes(key)) return text;
  }
  return known(state, ['sysctl', ...keys]);
}

/** The interface whose setting it is; of all of them, and of those to come, it is `all` and `default`. */
const interfaceOf = (key: string): string | undefined =>
  /^net\.ipv[46]\.\w+\.([^.]+)\./.exec(key)?.[1]?.replaceAll('/', '.');

/** Keys written first, because they write others. */
const spreads = (key: string): boolean => /\.(ip_forward|all\.\w+)$/.test(key);

function restore(now: State, wanted: State): Change[] {
  const differing = Object.keys(wanted).filter((key) => key in now && now[key] !== wanted[key]);
  const first = differing.filter(spreads);
  return (first.length > 0 ? first : differing).map((key) => run(['sysctl', '-w', `${key}=${wanted[key]}`]));
}

export default ((argv) => {
  if (argv[0] !== 'sysctl') return null;
  const wanted = assignments(argv);
  if (wanted.length === 0) return null;
  const keys = wanted.map(([key]) => key);
  const [device, ...others] = new Set(keys.map(interfaceOf));
  return {
    ...(device !== undefined && others.length === 0 ? { partOf: device } : {}),
    what: keys.join(', '),
    read: (look) => read(keys, look),
    expected: () => Object.fromEntries(wanted),
    restore,
  };
}) satisfies Observe as Observe;
