/**
 * Where the host is answered and the container is not, something treats it differently: the host asks again with one thing
 * changed at a time, so that it leaves as the container's packet left. What then stays unanswered decides.
 */
import type { Machine } from '../host/machine.ts';
import { contrasts, kinds, type Leaving, optionWords } from '../kernel/contrast.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Flow } from '../model/flow.ts';
import type { Header, Syn } from '../model/header.ts';
import { leadsOut, type Path } from '../model/path.ts';
import type { Contrast, Control, Try } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { linkHolding, type Stack } from '../model/stack.ts';
import { askControl, type Bound, type Open } from './control.ts';
import { ownPacket } from './own-packet.ts';
import { askBySyn } from './syn.ts';

export interface Tried {
  readonly flow: Flow;
  readonly path: Path;
  /** The lost probe. */
  readonly probe: number;
  readonly sightings: readonly Sighting[];
  readonly hits: readonly RuleHit[];
  readonly host: Stack;
  /** What the host heard that asked as it liked. */
  readonly heard: Control;
}

/** Ports beside the one that NAT chose: that very one belongs to the container's own entry of connection tracking. */
const BESIDE = [1, 2, 3];
/** A single packet may be lost by chance. */
const TWICE = [1, 2];
/** Less would call a distant answer none. Milliseconds. */
const SHORTEST = 300;

/** `wait` in milliseconds; nothing is asked where nothing differs, or no time is left. */
export async function tryEach(
  machine: Machine,
  tried: Tried,
  wait: number,
  open: Open,
): Promise<Pick<Control, 'tries' | 'contrasts'>> {
  if (wait < SHORTEST) return {};
  const bound: Ask = async (trait, value, by) => {
    const { answered } = await askControl(machine, tried.flow, wait, open, by).answer;
    return { trait, value, answered };
  };
  const byExit = exits(tried.path).map((name) => bound('interface', name, { device: name }));
  const found = await compared(machine, tried, wait, open);
  const rest = found ? await asLost(machine, tried, found, wait, bound) : [];
  const tries = [...(await Promise.all(byExit)), ...rest];
  return { tries, ...(found ? { contrasts: found.contrasts } : {}) };
}

type Ask = (trait: Try['trait'], value: string, bound: Bound) => Promise<Try>;

/** Interfaces that packets of this flow may leave by; none where there is one alone. */
const exits = ({ hops, branches }: Path): string[] =>
  branches && branches.length > 0 ? [...hops.filter(leadsOut), ...branches].map(({ name }) => name) : [];

interface Found {
  readonly lost: Leaving;
  readonly own: Leaving;
  readonly contrasts: readonly Contrast[];
}

/**
 * Whether somebody listens is told of a datagram by an error, of which a kernel sends one asker few: the next one's silence says
 * nothing. net.ipv4.icmp_ratelimit; RFC 1812, 4.3.2.8; RFC 4443, 2.4 (f).
 */
const mayBeUntold = ({ proto }: Flow, { outcomes }: Control): boolean =>
  proto !== 'tcp' && outcomes.some(({ result }) => result === 'refused');

/** Both packets as they left: the container's, of which nothing came back, and the host's own, which was answered. */
async function compared(machine: Machine, tried: Tried, wait: number, open: Open): Promise<Found | null> {
  const { flow, path, probe, sightings, hits, heard } = tried;
  const exit = path.hops.find(leadsOut);
  const mine = sightings.filter((one) => one.probe === probe);
  const requests = mine.filter(({ kind }) => kind === 'request');
  const left = requests.find(({ hop }) => hop === exit?.id);
  const isSilent = !mine.some(({ kind }) => kind === 'reply' || kind === 'error');
  // Led elsewhere by NAT it is another question than the host's.
  // Whom the second SYN alone is answered is treated no better.
  if (
    !heard.answered ||
    heard.again ||
    mayBeUntold(flow, heard) ||
    !exit ||
    !left?.header ||
    !isSilent ||
    left.destination !== flow.address
  )
    return null;
  const own = await ownPacket(machine, flow, exit, wait, open);
  if (!own) return null;
  const { source, sourcePort, header } = left;
  const lost = { source, sourcePort, mark: markOf(hits, probe), header };
  const first = requests.find(({ hop }) => hop === path.hops[0]?.id);
  return {
    lost,
    own,
    contrasts: contrasts(lost, own, first !== undefined && first.sourcePort !== sourcePort),
  };
}

/** The mark of the lost packet behind the last rule that it met here; null where no trace tells. */
const markOf = (hits: readonly RuleHit[], probe: number): number | null =>
  hits.findLast(
    (one) =>
      one.side === 'host' && one.direction === 'request' && one.probe === probe && one.mark !== undefined,
  )?.mark ?? null;

/** The host's own probe with each difference in turn. */
async function asLost(
  machine: Machine,
  { flow, host }: Tried,
  { lost, own, contrasts: all }: Found,
  wait: number,
  bound: Ask,
): Promise<Try[]> {
  const bySyn = async ({ trait, lost: value }: Contrast, syn: Syn, tos: number): Promise<Try[]> => {
    const answered = await askBySyn(machine, flow, syn, { tos }, wait);
    return answered === null ? [] : [{ trait, value, answered }];
  };
  const tos = ({ dscp, ecn }: Header): number => (dscp << 2) | ecn;
  const asked = all.map(async (one): Promise<Try[]> => {
    const { trait, lost: value } = one;
    const twice = (by: Bound): Promise<Try[]> => Promise.all(TWICE.map(() => bound(trait, value, by)));
    if (trait === 'source-port')
      return Promise.all(portsBeside(lost).map((port) => bound(trait, `${port}`, { sourcePort: port })));
    if (trait === 'source') return linkHolding(host, lost.source) ? twice({ source: lost.source }) : [];
    if (trait === 'ttl') return twice({ ttl: Number(value) });
    if (trait === 'dscp') return twice({ tos: tos({ ...own.header, dscp: lost.header.dscp }) });
    if (trait === 'mark') return twice({ mark: Number(value) });
    const changed = changedSyn(one, lost.header.syn, own.header.syn);
    const by = trait === 'ecn' ? { ...own.header, ecn: lost.header.ecn } : own.header;
    return changed ? (await Promise.all(TWICE.map(() => bySyn(one, changed, tos(by))))).flat() : [];
  });
  const written = all.some(({ trait }) => trait === 'ecn' || trait === 'tcp-option');
  // A SYN of our own writing tells something only where one like the host's own is answered.
  const [unchanged, ...tries] = await Promise.all([
    written && own.header.syn
      ? askBySyn(machine, flow, own.header.syn, { tos: tos(own.header) }, wait)
      : null,
    ...asked,
  ]);
  return tries.flat().filter(({ trait }) => unchanged || (trait !== 'ecn' && trait !== 'tcp-option'));
}

/** The host's own SYN with this one thing of the lost one. */
function changedSyn({ trait, lost: value }: Contrast, lost: Syn | null, own: Syn | null): Syn | null {
  if (!lost || !own) return null;
  if (trait === 'ecn') return { ...own, ecn: lost.ecn };
  const kind = kinds(lost, own).find((one) => optionWords(one, lost.options[one]) === value);
  if (kind === undefined) return null;
  const { [kind]: _, ...others } = own.options;
  const theirs = lost.options[kind];
  return { ...own, options: theirs === undefined ? others : { ...others, [kind]: theirs } };
}

const portsBeside = ({ sourcePort }: Leaving): number[] =>
  sourcePort === null ? [] : BESIDE.map((step) => sourcePort + step).filter((port) => port < 65_536);
