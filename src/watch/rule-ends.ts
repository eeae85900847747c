/** The rules that end probes of a watch: netdoctor's own nft table traces them all, those to come included. */
import type { Machine, TraceListener, TraceMessage } from '../host/machine.ts';
import { ends } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Path } from '../model/path.ts';
import type { ProbeRun } from '../probe/kind.ts';
import { belongs, type Header, verdictOf } from '../witness/rule/hit.ts';
import { armTable, tableOf } from '../witness/rule/table.ts';
import type { LookUp } from '../witness/rule.ts';
import type { Ground } from './ground.ts';

/** Packets whose first message is remembered, and ends of packets; the oldest are forgotten. */
const PACKETS = 4000;
const ENDS = 1000;

/** How long nft may take. Milliseconds. */
const PATIENCE = 3000;

interface End {
  readonly header: Header;
  readonly rule: Promise<Rule | undefined>;
}

interface Scope {
  readonly netns: Netns | null;
  readonly families: ReadonlySet<string>;
}

export class RuleEnds {
  readonly refusals: string[] = [];
  readonly #own: string;
  readonly #lookUp: LookUp;
  readonly #headers = new Map<string, Header>();
  readonly #ends: End[] = [];
  readonly #standing: { readonly listener: TraceListener; stop(): Promise<void> }[] = [];

  readonly #isOurs: (header: Header) => boolean;
  /** By the kernel's name of the rule. */
  readonly #rules = new Map<string, Promise<Rule | undefined>>();

  private constructor(machine: Machine, lookUp: LookUp, isOurs: (header: Header) => boolean) {
    this.#own = tableOf(machine);
    this.#lookUp = lookUp;
    this.#isOurs = isOurs;
  }

  static async arm(machine: Machine, ground: Ground, mark: number, lookUp: LookUp): Promise<RuleEnds> {
    const { proto } = ground.flow;
    // Somebody else may trace packets too, as a second watch does.
    const isOurs = (header: Header): boolean =>
      proto !== 'icmp' || (header.length > 9 && header[8] === mark >> 8 && header[9] === (mark & 255));
    const all = new RuleEnds(machine, lookUp, isOurs);
    const run = tracedRun(ground, mark);
    await Promise.all(scopesOf(ground).map((scope) => all.#arm(machine, scope, run)));
    return all;
  }

  async #arm(machine: Machine, { netns, families }: Scope, run: ProbeRun): Promise<void> {
    const listener = machine.listenTrace(netns, (message) => this.#take(netns, message));
    if (!listener.known) {
      this.refusals.push(listener.detail);
      return;
    }
    const table = await armTable(machine, { netns, families }, [run], PATIENCE);
    if (!table.known) {
      listener.value.stop();
      this.refusals.push(table.detail);
      return;
    }
    this.#standing.push({
      listener: listener.value,
      async stop() {
        listener.value.stop();
        await table.value.stop();
      },
    });
  }

  /** Messages after the first of a hook carry no headers: the trace id says whose they are. */
  #take(netns: Netns | null, message: TraceMessage): void {
    const key = `${netns?.inode ?? 0} ${message.id}`;
    const header = message.transport ?? this.#headers.get(key);
    if (!header) return;
    this.#headers.delete(key);
    this.#headers.set(key, header);
    if (this.#headers.size > PACKETS) this.#headers.delete(this.#headers.keys().next().value!);
    if (message.table === this.#own || message.type === 'return' || !ends(verdictOf(message))) return;
    if (!this.#isOurs(header)) return;
    // At once: the rule may be gone by the time that the probe is known to be lost.
    this.#ends.push({ header, rule: this.#ruleOf(netns, message) });
    if (this.#ends.length > ENDS) this.#ends.shift();
  }

  #ruleOf(netns: Netns | null, { family, table, chain, handle }: TraceMessage): Promise<Rule | undefined> {
    const key = [netns?.inode ?? 0, family, table, chain, handle].join('/');
    const known = this.#rules.get(key);
    if (known) return known;
    const rule = this.#lookUp(netns, { family, table, chain, handle });
    this.#rules.set(key, rule);
    // What could not be had may be there the next time.
    void rule.then((found) => found ?? this.#rules.delete(key));
    return rule;
  }

  /** The rule that ended this probe, or its answer; undefined where none did, or it could not be told. */
  async of(run: ProbeRun, probe: number): Promise<Rule | undefined> {
    for (const { listener } of this.#standing) listener.look();
    const end = this.#ends.findLast(({ header }) => belongs(run, header)?.probe === probe);
    return end?.rule;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#standing.map((one) => one.stop()));
  }
}

function scopesOf({ target, path }: Ground): Scope[] {
  const others = new Map<number, Netns>();
  for (const { netns } of path.hops) if (netns) others.set(netns.inode, netns);
  if (!target.hostNetwork) others.set(target.netns.inode, target.netns);
  return [
    { netns: null, families: new Set(['bridge', 'arp']) },
    ...[...others.values()].map((netns) => ({ netns, families: new Set<string>() })),
  ];
}

/** Stands for every run of the watch. */
const tracedRun = ({ flow, path }: Ground, mark: number): ProbeRun => ({
  flow,
  count: 0,
  first: 0,
  token: 0,
  lengths: [],
  ports: [],
  realDestination: path.realDestination,
  sequences: new Map(),
  traced: traced(flow, path, mark),
});

/** nft(8): probes and answers, of connections only how they begin and break. */
export function traced(flow: Flow, { realPort }: Pick<Path, 'realPort'>, mark: number): string[] {
  const { proto, family, port } = flow;
  if (proto === 'icmp')
    return [`meta l4proto ${family === 6 ? 'ipv6-icmp' : 'icmp'} @th,64,16 0x${mark.toString(16)}`];
  const l4 = proto === 'tcp' ? 'tcp' : 'udp';
  const ports = [...new Set([port, realPort ?? null])].filter((one) => one !== null).join(', ');
  const opening = proto === 'tcp' ? ' tcp flags & (syn | rst) != 0' : '';
  return ['@th,16,16', '@th,0,16'].map((at) => `meta l4proto ${l4} ${at} { ${ports} }${opening}`);
}
