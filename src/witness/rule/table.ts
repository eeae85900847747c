/**
 * netdoctor's own nft table: it sets `nftrace` on the probe's packets alone, and is owned by an `nft -i` child, so that
 * the kernel removes it with that child whatever happens. nft(8), NFT_TABLE_F_OWNER (Linux 5.12).
 */
import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known, mapAnswer, notKnown } from '../../model/answer.ts';
import { command, type Netns } from '../../model/netns.ts';
import type { ProbeRun } from '../../probe/kind.ts';

/** Before raw (-300) and before bridge filters, after defragmentation (-400). */
const PRIORITY = -350;
/** Right behind connection tracking (-200), before whatever follows it. enum nf_ip_hook_priorities. */
const TRACKED = -199;
const READY = 'netdoctor-ready';

/** nft expressions that match the probe and its answers at the first hook they meet. */
export function matches(run: ProbeRun): readonly string[] {
  if (run.traced) return run.traced;
  const { proto, family } = run.flow;
  const token = `0x${run.token.toString(16)}`;
  if (proto === 'icmp') return [`meta l4proto ${family === 6 ? 'ipv6-icmp' : 'icmp'} @th,64,32 ${token}`];
  // Of a stranger's flow the opening and the refusal are enough: its data stays untraced.
  const opening = run.asker && proto === 'tcp' ? ' tcp flags & (syn | rst) != 0' : '';
  const l4 = proto === 'tcp' ? 'tcp' : 'udp';
  // A port that the kernel chooses with the first packet is not known yet: all that asks the destination is traced.
  if (!run.asker && run.ports.includes(null)) return farEnd(run, l4);
  const numbers = run.asker ? [run.flow.port, run.realPort ?? null] : run.ports;
  const ports = `{ ${[...new Set(numbers)].filter((port) => port !== null).join(', ')} }`;
  return [
    `meta l4proto ${l4} @th,0,16 ${ports}${opening}`,
    `meta l4proto ${l4} @th,16,16 ${ports}${opening}`,
    ...(run.asker ? [] : answers(run, l4)),
  ];
}

/** What answers, to whatever port a NAT has given the probe: of a TCP service its SYN-ACK and RST alone. */
function answers({ flow, realDestination, realPort }: ProbeRun, l4: 'tcp' | 'udp'): string[] {
  const from = [...new Set([flow.address, realDestination])].join(', ');
  const ports = [...new Set([flow.port, realPort ?? null])].filter((port) => port !== null);
  if (ports.length === 0) return [];
  const opening = l4 === 'tcp' ? ' tcp flags & (syn | rst) != 0' : '';
  return [
    `${flow.family === 6 ? 'ip6' : 'ip'} saddr { ${from} } meta l4proto ${l4} @th,0,16 { ${ports.join(', ')} }${opening}`,
  ];
}

/**
 * What answers a probe that NAT has given another address and another port: connection tracking alone knows it then, by the
 * port that the probe had. nft(8), `ct original`.
 */
function tracked({ flow, ports, asker }: ProbeRun): string[] {
  const own = ports.filter((port) => port !== null);
  if (asker || flow.proto === 'icmp' || own.length === 0) return [];
  const l4 = flow.proto === 'tcp' ? 'tcp' : 'udp';
  return [`ct direction reply meta l4proto ${l4} ct original proto-src { ${[...new Set(own)].join(', ')} }`];
}

function farEnd({ flow, realDestination }: ProbeRun, l4: 'tcp' | 'udp'): string[] {
  const ip = flow.family === 6 ? 'ip6' : 'ip';
  const addresses = `{ ${[...new Set([flow.address, realDestination])].join(', ')} }`;
  return [
    `meta l4proto ${l4} ${ip} daddr ${addresses} @th,16,16 ${flow.port}`,
    `meta l4proto ${l4} ${ip} saddr ${addresses}`,
  ];
}

/** What the tables find in their namespace. */
interface Surroundings {
  /** Families of the tables that exist there beside ip, ip6 and inet. */
  readonly families: ReadonlySet<string>;
  /** Is connection tracking at work there? Whoever asks it of a packet switches it on. */
  readonly tracks: boolean;
}

/** Entries are there only where a rule has switched it on. */
function isTracking(machine: Machine, netns: Netns | null): boolean {
  const count = machine.read('/proc/sys/net/netfilter/nf_conntrack_count', netns);
  return count.known && Number(count.value) > 0;
}

/** The commands that make the tables. */
export function commands(
  name: string,
  runs: readonly ProbeRun[],
  { families, tracks }: Surroundings,
  owned = true,
): string[] {
  const lines: string[] = [];
  const [traced, later] = [runs.flatMap(matches), runs.flatMap(tracked)];
  const chains = (
    family: string,
    hooks: readonly string[],
    rules: readonly string[],
    { suffix = '', priority = PRIORITY } = {},
  ): void => {
    for (const hook of rules.length > 0 ? hooks : []) {
      const chain = `${family} ${name} ${hook}${suffix}`;
      lines.push(`add chain ${chain} { type filter hook ${hook} priority ${priority}; policy accept; }`);
      for (const rule of rules) lines.push(`add rule ${chain} ${rule} meta nftrace set 1`);
    }
  };
  const table = (family: string, hooks: readonly string[], rules: readonly string[]): void => {
    lines.push(`add table ${family} ${name}${owned ? ' { flags owner; }' : ''}`);
    chains(family, hooks, rules);
  };
  table('inet', ['prerouting', 'output'], traced);
  if (tracks) chains('inet', ['prerouting', 'output'], later, { suffix: '_tracked', priority: TRACKED });
  if (families.has('bridge')) table('bridge', ['prerouting', 'output'], traced);
  if (families.has('arp') && runs.some(({ flow }) => flow.family === 4))
    table('arp', ['input', 'output'], ['arp operation { request, reply }']);
  return lines;
}

type Standing = Answer<{ stop(): Promise<void> }>;

/** The name of a netdoctor's own table. */
export const tableOf = ({ pid, started }: Pick<Machine, 'pid' | 'started'>): string =>
  `netdoctor_${pid}_${started}`;

/** Where the table is to stand, and the families of the tables that are there beside ip, ip6 and inet. */
interface Where {
  readonly netns: Netns | null;
  readonly families: ReadonlySet<string>;
}

/** Makes the table in a namespace; resolves when the kernel has it, or after `patience` milliseconds without it. */
export async function armTable(
  machine: Machine,
  { netns, families }: Where,
  runs: readonly ProbeRun[],
  patience: number,
): Promise<Standing> {
  const name = tableOf(machine);
  const around = { families, tracks: isTracking(machine, netns) };
  const owned = await tell(machine, netns, commands(name, runs, around), { name, patience });
  if (owned.known || !/invalid argument|not supported|syntax error/i.test(owned.detail)) return owned;
  // Before Linux 5.12 nobody can own a table: it is taken away by hand, and those of the dead at the next start.
  await sweepTables(machine, netns);
  const plain = await tell(machine, netns, commands(name, runs, around, false), { name, patience });
  const remove = () => removeTables(machine, netns, name, ['inet', ...families]);
  if (!plain.known) await remove();
  return mapAnswer(plain, (table) => ({
    async stop() {
      await table.stop();
      await remove();
    },
  }));
}

/** Removes the tables of a namespace whose netdoctor no longer lives; a living one's are spared. */
async function sweepTables(machine: Machine, netns: Netns | null): Promise<void> {
  const listed = await ask(machine, ['nft', 'list', 'tables'], netns);
  const named = listed.known ? listed.value.matchAll(/^table (\w+) (netdoctor_(\d+)_(\d+))$/gm) : [];
  for (const [, family = '', name = '', pid, started = ''] of named)
    if (!machine.alive(Number(pid), started)) await removeTables(machine, netns, name, [family]);
}

async function removeTables(
  machine: Machine,
  netns: Netns | null,
  name: string,
  families: readonly string[],
): Promise<void> {
  await Promise.all(families.map((family) => ask(machine, ['nft', 'delete', 'table', family, name], netns)));
}

/** Gives the commands to an `nft -i`, which stays: a table that it owns goes with it. */
function tell(
  machine: Machine,
  netns: Netns | null,
  lines: readonly string[],
  { name, patience }: { readonly name: string; readonly patience: number },
): Promise<Standing> {
  const argv = ['nft', '-i'] as const;
  return new Promise((resolve) => {
    const errors: string[] = [];
    const child = machine.start(command(argv, netns), (line, from) => {
      if (line.includes(READY)) finish();
      else if (from === 'stderr' || /^Error/.test(line)) errors.push(line);
    });
    const stop = (): Promise<void> => child.stop();
    let done = false;
    const finish = (): void => {
      if (done) return;
      done = true;
      cancel();
      if (errors.length === 0) {
        resolve(known({ stop }, [...argv]));
        return;
      }
      void stop();
      // nsenter says this of a program that it was to run.
      const missing = errors.some((line) => /failed to execute/.test(line));
      const denied = errors.some((line) => /not permitted|permission/i.test(line));
      resolve(
        missing
          ? notKnown('no-such-tool', 'nft is not installed', [...argv])
          : notKnown(denied ? 'no-permission' : 'unsupported', errors[0]!, [...argv]),
      );
    };
    const cancel = machine.after(patience, () => {
      errors.push('nft did not answer in time');
      finish();
    });
    void child.ended.then((code) => {
      errors.push(code === 127 || code === null ? 'nft is not installed' : `nft ended with code ${code}`);
      finish();
    });
    child.write(`${lines.join('\n')}\n`);
    // Commands run in turn: when the listing shows the marker set, all before it has been done.
    child.write(`add set inet ${name} ${READY} { type mark; }\nlist set inet ${name} ${READY}\n`);
  });
}
