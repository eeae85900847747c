/** Settings of Docker's default network that daemon.json itself turns off: there they are turned on again. */
import type { Machine } from '../../host/machine.ts';
import type { Change } from '../../model/fix.ts';
import { after, ipWords } from '../ip-words.ts';
import type { Owner } from '../owner.ts';

const FILE = '/etc/docker/daemon.json';
/** The bridge of the default network: other networks carry their options themselves. */
const BRIDGE = 'docker0';

interface Setting {
  /** As dockerd(8) names it in its configuration file. */
  readonly key: 'icc' | 'ip-masq' | 'mtu';
  readonly value: boolean | number;
}

/** The setting that a command does at run time what it would do at the next start. */
function settingOf(argv: readonly string[]): Setting | null {
  if (argv[0] === 'iptables' && argv.some((word) => word === '-I' || word === '-A')) {
    const [way, back] = [after(argv, '-i'), after(argv, '-o')];
    if (back !== BRIDGE) return null;
    if (argv.at(-1) === 'MASQUERADE' && argv.includes('!')) return { key: 'ip-masq', value: true };
    return way === BRIDGE && argv.at(-1) === 'ACCEPT' ? { key: 'icc', value: true } : null;
  }
  const { object, verb, rest } = ipWords(argv);
  const mtu = Number(after(rest, 'mtu'));
  const isBridge = after(rest, 'dev') === BRIDGE || rest[0] === BRIDGE;
  return argv[0] === 'ip' && object === 'link' && verb === 'set' && isBridge && mtu > 0
    ? { key: 'mtu', value: mtu }
    : null;
}

/** What the file says of it; undefined where it says nothing, and then a flag or a default does. */
function present(machine: Machine, { key }: Setting): unknown {
  const text = machine.read(FILE);
  try {
    return text.known ? JSON.parse(text.value)[key] : undefined;
  } catch {
    return undefined;
  }
}

export default ((change: Change, machine: Machine) => {
  if ('file' in change || change.run.in) return null;
  const setting = settingOf(change.run.argv);
  if (setting === null) return null;
  const now = present(machine, setting);
  // Named as a flag and in the file, dockerd refuses to start: only what the file names already is changed there.
  if (now === undefined || now === setting.value) return null;
  const fragment = `${JSON.stringify({ [setting.key]: setting.value }, null, 2)}\n`;
  return [{ file: FILE, before: null, after: fragment, mode: '0644' }];
}) satisfies Owner as Owner;
