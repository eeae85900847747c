/** Routes and addresses of the host: netplan, systemd-networkd or ifupdown, whichever has the interface. */

import type { Machine } from '../../host/machine.ts';
import type { Change } from '../../model/fix.ts';
import { shellLine } from '../../words/text.ts';
import type { FileChange } from '../file.ts';
import { after, ipWords } from '../ip-words.ts';
import type { Owner } from '../owner.ts';

interface Wanted {
  readonly device: string;
  readonly route: { readonly to: string; readonly via: string | null } | null;
  readonly address: string | null;
}

function wantedOf(change: Change): Wanted | null {
  if ('file' in change || change.run.in || change.run.argv[0] !== 'ip') return null;
  const { object, verb, rest } = ipWords(change.run.argv);
  const device = after(rest, 'dev');
  if (!['add', 'replace', 'append'].includes(verb) || device === null) return null;
  const first = rest.filter((word) => word !== 'to')[0] ?? '';
  if (object === 'address') return { device, route: null, address: first };
  if (object === 'route' && !after(rest, 'table'))
    return { device, route: { to: first, via: after(rest, 'via') }, address: null };
  return null;
}

const file = (name: string, text: string, mode = '0644'): FileChange => ({
  file: name,
  before: null,
  after: text,
  mode,
});

/** The first file of the folder whose text names the interface. */
function naming(
  machine: Machine,
  folder: string,
  pattern: RegExp,
  text: (content: string) => boolean,
): string | null {
  const names = machine.list(folder);
  for (const name of names.known ? [...names.value].filter((one) => pattern.test(one)).sort() : []) {
    const content = machine.read(`${folder}/${name}`);
    if (content.known && text(content.value)) return `${folder}/${name}`;
  }
  return null;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function netplan({ device, route, address }: Wanted, machine: Machine): FileChange[] | null {
  const key = new RegExp(`^(\\s+)(ethernets|bonds|bridges|vlans):[\\s\\S]*?^\\s+${escaped(device)}:`, 'm');
  const found = naming(machine, '/etc/netplan', /\.ya?ml$/, (text) => key.test(text));
  if (!found) return null;
  const content = machine.read(found);
  const kind = content.known ? (key.exec(content.value)?.[2] ?? 'ethernets') : 'ethernets';
  const what = route
    ? `      routes:\n        - to: ${route.to}\n${route.via ? `          via: ${route.via}\n` : '          scope: link\n'}`
    : `      addresses:\n        - ${address}\n`;
  return [file(found, `network:\n  ${kind}:\n    ${device}:\n${what}`, '0600')];
}

function networkd({ device, route, address }: Wanted, machine: Machine): FileChange[] | null {
  const match = new RegExp(`^Name=(?:.*\\s)?${escaped(device)}(?:\\s|$)`, 'm');
  const found = naming(machine, '/etc/systemd/network', /\.network$/, (text) => match.test(text));
  if (!found) return null;
  const text = route
    ? `[Route]\n${route.to === 'default' ? '' : `Destination=${route.to}\n`}${route.via ? `Gateway=${route.via}\n` : 'Scope=link\n'}`
    : `[Address]\nAddress=${address}\n`;
  return [file(`${found}.d/90-netdoctor.conf`, text)];
}

function ifupdown({ device, route, address }: Wanted, machine: Machine): FileChange[] | null {
  const stanza = new RegExp(`^iface\\s+${escaped(device)}\\s`, 'm');
  const main = machine.read('/etc/network/interfaces');
  const inMain = main.known && stanza.test(main.value);
  if (!inMain && !naming(machine, '/etc/network/interfaces.d', /./, (text) => stanza.test(text))) return null;
  const family = (route?.to ?? address ?? '').includes(':') || route?.via?.includes(':') ? 'inet6' : 'inet';
  const command = route
    ? ['ip', 'route', 'replace', route.to, ...(route.via ? ['via', route.via] : []), 'dev', device]
    : ['ip', 'addr', 'replace', `${address}`, 'dev', device];
  return [
    file(
      `/etc/network/interfaces.d/netdoctor-${device}`,
      `iface ${device} ${family} manual\n    up ${shellLine(command)}\n`,
    ),
  ];
}

export default ((change, machine) => {
  const wanted = wantedOf(change);
  return wanted && (netplan(wanted, machine) ?? networkd(wanted, machine) ?? ifupdown(wanted, machine));
}) satisfies Owner as Owner;
