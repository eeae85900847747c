/** Would a fix cut the branch one sits on: the uplink, or the way of the ssh session that asks for it? */
import { parseJson } from '../discover/ip/json.ts';
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Change, Fix } from '../model/fix.ts';
import { ipWords } from './ip-words.ts';

/** Interfaces a person far away depends on, and why. */
export interface Lifeline {
  /** Interface name → `the uplink`, `the way of this ssh session`. */
  readonly devices: ReadonlyMap<string, string>;
  /** The ssh client's address, when there is one. */
  readonly client: string | null;
}

interface RouteGet {
  readonly dev?: string;
}

/** The client address of SSH_CONNECTION (sshd(8): `client port server port`), without a zone. */
export const sshClient = (env: Machine['env']): string | null =>
  env.SSH_CONNECTION?.split(' ')[0]?.replace(/%.*$/, '') || null;

/** Asks which interface leads to the ssh client, what that interface is made of, and which ones are uplinks. */
export async function lifeline(machine: Machine, diagnosis: Diagnosis | null): Promise<Lifeline> {
  const devices = new Map<string, string>();
  for (const hop of diagnosis?.path ?? [])
    if (hop.kind === 'uplink' && hop.where === 'host') devices.set(hop.name, 'the uplink');
  for (const family of ['-4', '-6']) {
    const device = await deviceOf(machine, ['ip', family, '-j', 'route', 'show', 'default']);
    if (device && !devices.has(device)) devices.set(device, 'the uplink');
  }
  const client = sshClient(machine.env);
  if (client) {
    const device = await deviceOf(machine, ['ip', '-j', 'route', 'get', client]);
    if (device && device !== 'lo') devices.set(device, 'the way of this ssh session');
  }
  return { devices, client };
}

async function deviceOf(machine: Machine, argv: readonly [string, ...string[]]): Promise<string | null> {
  const answer = await machine.run({ argv });
  if (!answer.known || answer.value.code !== 0) return null;
  try {
    return (parseJson(answer.value.stdout) as RouteGet[])[0]?.dev ?? null;
  } catch {
    return null;
  }
}

const FIREWALL = /^(ip6?tables(-legacy|-nft)?|nft|ebtables)$/;
/** Chains and hooks that packets of the host's own connections pass. */
const OWN_TRAFFIC = /^(INPUT|OUTPUT|PREROUTING|POSTROUTING|input|output|prerouting|postrouting)$/;
/** Routes that decide for the whole host. */
const WIDE = /^(default|0\/0|0\.0\.0\.0\/0|::\/0)$/;

/** Why this change could cut a far-away person off; null where it does not touch their way. */
function touches(change: Change, { devices, client }: Lifeline): string | null {
  if ('file' in change || change.run.in) return null;
  const { argv } = change.run;
  for (const [device, why] of devices) if (argv.includes(device)) return `it changes ${device}, ${why}`;
  const { object, rest } = ipWords(argv);
  if (argv[0] === 'ip' && object === 'rule') return 'it changes the policy routing of this host';
  if (argv[0] === 'ip' && object === 'route' && rest.some((word) => WIDE.test(word)))
    return 'it changes the default route of this host';
  if (client && FIREWALL.test(argv[0]) && argv.some((word) => OWN_TRAFFIC.test(word)))
    return "it changes a chain that this ssh session's packets pass";
  if (client && argv[0] === 'systemctl')
    return 'it restarts a service while an ssh session depends on this host';
  return null;
}

/** The first reason why `fix` touches the uplink or the ssh session, or null. */
export function risky(fix: Fix, line: Lifeline): string | null {
  for (const change of [...fix.apply, ...fix.undo]) {
    const why = touches(change, line);
    if (why) return why;
  }
  return null;
}
