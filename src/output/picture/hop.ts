/** Everything known of one interface of the path. */
import type { Hop } from '../../model/path.ts';
import type { Link } from '../../model/stack.ts';
import { dropName } from '../../words/telling.ts';
import { plain } from '../../words/text.ts';
import type { Line } from '../line/span.ts';
import { paragraph } from '../line/wrap.ts';
import { countsOf, type Run } from '../run.ts';

const yes = (on: boolean, word: string): string[] => (on ? [word] : []);

function stateOf({ up, carrier, noarp }: Link): string {
  if (!up) return 'down';
  return ['up', carrier === false ? 'no carrier' : '', ...yes(noarp, 'no ARP')].filter(Boolean).join(', ');
}

function portOf({ port, master }: Link): string | null {
  if (master === null) return null;
  const flags = port
    ? [...yes(port.isolated, 'isolated'), ...yes(port.locked, 'locked'), ...yes(port.hairpin, 'hairpin')]
    : [];
  return [`of ${master}`, ...(port ? [port.state] : []), ...flags].join(', ');
}

function bridgeOf({ bridge }: Link): string | null {
  if (bridge === null) return null;
  const on = [
    ...yes(bridge.stp, 'STP'),
    ...yes(bridge.vlanFiltering, 'VLAN filtering'),
    ...yes(bridge.nfCallIptables, 'frames go through iptables'),
  ];
  return on.length > 0 ? on.join(', ') : 'no STP, no VLAN filtering';
}

/** The packets of the probe that were seen here, or why nobody looked. */
function seenAt(run: Run, hop: Hop): string {
  const entry = run.diagnosis?.path.find(({ id }) => id === hop.id);
  const blind = run.armed[hop.id];
  if (entry?.captured === false || blind) return `not watched${blind ? `: ${blind}` : ''}`;
  const counted = countsOf(run, hop.id);
  const request = entry?.request ?? counted.request;
  const reply = entry?.reply ?? counted.reply;
  const errors = counted.error > 0 ? `, ${counted.error} errors` : '';
  return `${request} requests, ${reply} replies${errors}`;
}

/** One row for each fact, the label in front. */
export function hopLines(hop: Hop, run: Run, columns: number): Line[] {
  const { link } = hop;
  const facts: readonly (readonly [string, string | null])[] = [
    ['seen', seenAt(run, hop)],
    ['kind', `${hop.kind}, ifindex ${link.ifindex}`],
    ['state', stateOf(link)],
    ['address', link.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(', ') || 'none'],
    ['mac', link.mac],
    ['mtu', String(link.mtu)],
    ['port', portOf(link)],
    ['bridge', bridgeOf(link)],
    ['qdisc', link.qdisc],
    ['xdp', link.xdp],
    ['drops', dropsAt(run, hop)],
    ['rules', rulesFound(run, hop)],
    ['netns', hop.netns?.path ?? null],
  ];
  return facts.flatMap(([label, text]) =>
    text === null || text === '' ? [] : paragraph(`  ${label.padEnd(8)}`, plain(text), columns),
  );
}

function dropsAt({ drops }: Run, { id, name }: Hop): string | null {
  const here = drops.filter(({ hop, device }) => hop === id || (hop === null && device === name));
  const kinds = new Set(here.map(dropName));
  return here.length === 0 ? null : `${here.length}: ${[...kinds].join(', ')}`;
}

/** Evidence of the verdict that names this hop. */
function rulesFound({ diagnosis }: Run, { id }: Hop): string | null {
  const here = diagnosis?.evidence.filter(({ at, rule }) => at === id && rule !== undefined) ?? [];
  return here.length === 0 ? null : here.map(({ rule }) => rule!.text).join('; ');
}
