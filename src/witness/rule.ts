/** The rule witness: which firewall rules the probe met, and which one ended it. */
import type { Machine, TraceMessage } from '../host/machine.ts';
import { ends } from '../kernel/rules.ts';
import { type Answer, known, notKnown } from '../model/answer.ts';
import type { Rule } from '../model/evidence.ts';
import type { MetPacket, RuleHit, Side } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';
import type { ProbeRun } from '../probe/kind.ts';
import { Room } from './room.ts';
import { caughtUp } from './rule/caught-up.ts';
import { type Belongs, belongs, type Header, packetOf, verdictOf } from './rule/hit.ts';
import { armTable, tableOf } from './rule/table.ts';

/** Finds the text of a rule the kernel named by its handle. */
export type LookUp = (
  netns: Netns | null,
  named: {
    readonly family: number;
    readonly table: string;
    readonly chain: string;
    readonly handle: number | null;
  },
) => Promise<Rule | undefined>;

export interface Scope {
  readonly side: Side;
  readonly netns: Netns | null;
  /** Families of the tables that exist there beside ip, ip6 and inet. */
  readonly families: ReadonlySet<string>;
}

export interface RuleWitness {
  /** Has some rule or policy ended this probe already? */
  ended(probe: number): boolean;
  /** Namespaces whose trace told less than there was, and why. */
  gaps(): readonly { readonly side: Side; readonly because: string }[];
  /** Hears what the kernel has told until now, as far as one turn goes. */
  look(): void;
  /** Has the texts looked up of what one probe has met so far: somebody is likely to ask. */
  foresee(probe: number): void;
  /**
   * Everything one probe met, with texts; resolves when all of them are looked up. `origin`: nanoseconds of
   * CLOCK_MONOTONIC that the moments count from.
   */
  hits(probe: number, origin: bigint): Promise<readonly RuleHit[]>;
  stop(): Promise<void>;
}

/** Messages that one packet may cause in one place and direction, and all of them; a stranger may send it again and again. */
const EACH = 400;
const MOST = 20_000;
/** Packets whose first message is remembered. */
const PACKETS = 20_000;

interface Met {
  /** The header of the packet that met it; whose that is may be learned later. */
  readonly header: Header;
  readonly side: Side;
  readonly netns: Netns | null;
  readonly message: TraceMessage;
  readonly verdict: string;
  readonly packet: MetPacket | undefined;
}

export interface RulePlan {
  readonly scopes: readonly Scope[];
  readonly lookUp: LookUp;
  /** Milliseconds until the tables are to stand. */
  readonly patience: number;
}

/** Arms a table and a listener in each namespace; known when at least one of them stands. */
export async function armRules(
  machine: Machine,
  { scopes, lookUp, patience }: RulePlan,
  runs: readonly ProbeRun[],
  onChange: () => void,
): Promise<{ witness: Answer<RuleWitness>; refusals: readonly { side: Side; because: string }[] }> {
  const met: Met[] = [];
  /** Messages after the first of a hook carry no headers: the trace id says whose they are. */
  const headers = new Map<string, Header>();
  const packets = new Map<string, MetPacket>();
  const room = new Room(EACH, MOST);
  const own = tableOf(machine);
  // What bears its mark is known before what is known by its ports, which may be any two bytes of it.
  const inTurn = runs.toSorted((a, b) => Number(b.flow.proto === 'icmp') - Number(a.flow.proto === 'icmp'));
  const ownerOf = (header: Header): (Belongs & { readonly run: ProbeRun }) | undefined => {
    for (const run of inTurn) {
      const found = belongs(run, header);
      if (found && found.probe < run.count) return { ...found, probe: found.probe + run.first, run };
    }
    return undefined;
  };

  const take = (scope: Scope, message: TraceMessage): void => {
    const key = `${scope.side}/${message.id}`;
    const header = message.transport ?? headers.get(key);
    if (!header) return;
    if (headers.size < PACKETS) headers.set(key, header);
    const packet = packetOf(message) ?? packets.get(key);
    if (packet && headers.has(key)) packets.set(key, packet);
    // A chain that ends without a verdict says "return" and names no rule.
    if (message.table === own || message.type === 'return') return;
    const mine = ownerOf(header);
    if (!mine && runs.some((run) => belongs(run, header))) return;
    // Whose an answer behind a NAT is may be learned later: until then it counts by its ports.
    const one = mine
      ? `${mine.probe} ${mine.direction} ${mine.client ?? ''}`
      : header.subarray(0, 4).join('.');
    if (!room.for(`${scope.side} ${one}`)) return;
    const verdict = verdictOf(message);
    met.push({ header, side: scope.side, netns: scope.netns, message, verdict, packet });
    if (ends(verdict)) onChange();
  };

  const armed = await Promise.all(
    scopes.map(async (scope) => {
      const listener = machine.listenTrace(scope.netns, (message) => take(scope, message));
      if (!listener.known) return { scope, answer: listener };
      const table = await armTable(machine, scope, runs, patience);
      if (!table.known) listener.value.stop();
      return {
        scope,
        answer: table.known
          ? known(
              {
                look: listener.value.look,
                overruns: listener.value.overruns,
                async stop() {
                  listener.value.stop();
                  await table.value.stop();
                },
              },
              table.source,
            )
          : table,
      };
    }),
  );
  const standing = armed.flatMap(({ scope, answer }) =>
    answer.known ? [{ ...answer.value, side: scope.side }] : [],
  );
  const refusals = armed.flatMap(({ scope, answer }) =>
    answer.known ? [] : [{ side: scope.side, because: answer.detail }],
  );
  if (standing.length === 0)
    return {
      witness: notKnown('unsupported', refusals[0]?.because ?? 'no namespace to watch', [
        'nft',
        'monitor',
        'trace',
      ]),
      refusals,
    };
  const whose = (one: Met, probe: number): Belongs | undefined => {
    const found = ownerOf(one.header);
    const isMine =
      found?.probe === probe && (found.client === undefined || found.client === found.run.asker?.port);
    return isMine ? found : undefined;
  };
  const metBy = (probe: number): (Met & Belongs)[] =>
    met.flatMap((one) => {
      const found = whose(one, probe);
      return found ? [{ ...one, probe: found.probe, direction: found.direction }] : [];
    });
  /** Was more told than could be read until the rules were asked for? */
  let late = false;
  const witness: RuleWitness = {
    ended: (probe) => met.some((one) => ends(one.verdict) && whose(one, probe) !== undefined),
    gaps: () =>
      standing
        .filter(({ overruns }) => late || overruns() > 0)
        .map(({ side }) => ({ side, because: 'the kernel told of more packets than could be read' })),
    look() {
      for (const one of standing) one.look();
    },
    foresee(probe) {
      void name(metBy(probe), lookUp, 0n).catch(() => undefined);
    },
    async hits(probe, origin) {
      late ||= !(await caughtUp(machine, standing));
      return name(metBy(probe), lookUp, origin);
    },
    async stop() {
      await Promise.all(standing.map((one) => one.stop()));
    },
  };
  return { witness: known(witness, ['nft', 'monitor', 'trace']), refusals };
}

async function name(
  met: readonly (Met & Belongs)[],
  lookUp: LookUp,
  origin: bigint,
): Promise<readonly RuleHit[]> {
  const texts = new Map<string, Promise<Rule | undefined>>();
  const named = met.map(async (one): Promise<RuleHit | undefined> => {
    const { family, table, chain, handle } = one.message;
    const key = `${one.side} ${family} ${table} ${chain} ${handle}`;
    if (!texts.has(key)) texts.set(key, lookUp(one.netns, { family, table, chain, handle }));
    const rule = await texts.get(key)!;
    if (!rule) return undefined;
    const rejected = one.verdict === 'drop' && /reject/i.test(rule.text);
    return {
      side: one.side,
      rule,
      verdict: rejected ? 'reject' : one.verdict,
      direction: one.direction,
      probe: one.probe,
      at: Number(one.message.at - origin) / 1000,
      by: 'trace',
      mark: one.message.mark ?? 0,
      ...(one.packet ? { packet: one.packet } : {}),
    };
  });
  return (await Promise.all(named)).filter((hit): hit is RuleHit => hit !== undefined);
}
