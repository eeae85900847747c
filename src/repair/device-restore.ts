/** The commands that lead an interface from one state towards another, one layer at a time. */
import type { Change } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import { addRoute, removeRoute } from './route-commands.ts';
import { rows, type State } from './state.ts';
import type { Argv } from './subject.ts';

const differ = (name: string, now: State, wanted: State): boolean =>
  (now[name] ?? '') !== (wanted[name] ?? '');

/** Its own settings: master, MTU, MAC, flags. Taking it down comes last, since it takes routes along. */
function settings(device: string, now: State, wanted: State): Argv[] {
  const set = (...words: string[]): Argv => ['ip', 'link', 'set', 'dev', device, ...words];
  const commands: Argv[] = [];
  if (differ('address', now, wanted) && wanted.address) commands.push(set('address', wanted.address));
  if (differ('master', now, wanted))
    commands.push(wanted.master ? set('master', wanted.master) : set('nomaster'));
  if (differ('mtu', now, wanted)) commands.push(set('mtu', wanted.mtu ?? ''));
  for (const flag of ['arp', 'promisc'])
    if (differ(flag, now, wanted)) commands.push(set(flag, wanted[flag] ?? ''));
  if (differ('state', now, wanted)) commands.push(set(wanted.state ?? 'up'));
  return commands;
}

/** Attributes of a bridge and of a bridge's port, by the names of `ip link` and `bridge link`. */
function attributes(device: string, now: State, wanted: State): Argv[] {
  return Object.keys(wanted)
    .filter((name) => /^(bridge|port) /.test(name) && name in now && differ(name, now, wanted))
    .map((name) => {
      const [kind, attribute = ''] = name.split(' ');
      return kind === 'bridge'
        ? ['ip', 'link', 'set', 'dev', device, 'type', 'bridge', attribute, wanted[name] ?? '']
        : ['bridge', 'link', 'set', 'dev', device, attribute, wanted[name] ?? ''];
    });
}

/** Rows that are there and should not be, and rows that should and are not. */
const gap = (name: string, now: State, wanted: State): { gone: string[]; extra: string[] } => ({
  extra: rows(now[name]).filter((row) => !rows(wanted[name]).includes(row)),
  gone: rows(wanted[name]).filter((row) => !rows(now[name]).includes(row)),
});

/** Addresses keep their order: from the first that differs, all are taken out and put back in turn. */
function addresses(device: string, now: State, wanted: State): Argv[] {
  const [have, want] = [rows(now.addresses), rows(wanted.addresses)];
  const first = want.findIndex((row, index) => row !== have[index]);
  const from = first < 0 ? want.length : first;
  return [
    ...have
      .slice(from)
      .reverse()
      .map(
        (row): Argv => [
          'ip',
          'addr',
          'del',
          ...row.split(' ').slice(0, row.includes(' peer ') ? 3 : 1),
          'dev',
          device,
        ],
      ),
    ...want.slice(from).map((row): Argv => ['ip', 'addr', 'add', ...row.split(' '), 'dev', device]),
  ];
}

function bridging(device: string, now: State, wanted: State, isBridge: boolean): Argv[] {
  const self = isBridge ? ['self'] : [];
  const vlans = gap('vlans', now, wanted);
  const fdb = gap('fdb', now, wanted);
  return [
    ...vlans.extra.map(
      (row): Argv => ['bridge', 'vlan', 'del', 'dev', device, 'vid', row.split(' ')[0] ?? '', ...self],
    ),
    ...vlans.gone.map(
      (row): Argv => ['bridge', 'vlan', 'add', 'dev', device, 'vid', ...row.split(' '), ...self],
    ),
    ...fdb.extra.map((row): Argv => {
      const [mac = '', ...words] = row.split(' ');
      const state = words.findIndex((word) => word === 'static' || word === 'local');
      return ['bridge', 'fdb', 'del', mac, 'dev', device, ...words.slice(0, state)];
    }),
    ...fdb.gone.map((row): Argv => {
      const [mac = '', ...words] = row.split(' ');
      return ['bridge', 'fdb', 'append', mac, 'dev', device, ...words];
    }),
  ];
}

function neighbours(device: string, now: State, wanted: State): Argv[] {
  const { extra, gone } = gap('neighbours', now, wanted);
  return [
    ...extra.map((row): Argv => ['ip', 'neigh', 'del', row.split(' ')[0] ?? '', 'dev', device]),
    ...gone.map((row): Argv => ['ip', 'neigh', 'replace', ...row.split(' '), 'dev', device]),
  ];
}

function routes(now: State, wanted: State): Argv[] {
  return (['4', '6'] as const).flatMap((family) => {
    const { extra, gone } = gap(`routes ${family}`, now, wanted);
    // A gateway must be reachable before a route names it: routes of the link come first.
    const order = (row: string): number => (/ via /.test(row) ? 1 : 0);
    return [
      ...extra.map((row) => removeRoute(row, `-${family}`)),
      ...gone.toSorted((a, b) => order(a) - order(b)).map((row) => addRoute(row, `-${family}`)),
    ];
  });
}

/**
 * The next commands. Called again after each round: what a layer brings by itself (a connected route with its
 * address) is then already there. An interface that must go is deleted; one that is gone cannot be put back.
 */
export function restoreDevice(device: string, now: State, wanted: State): Change[] {
  if (wanted.exists === 'no') return now.exists === 'yes' ? [run(['ip', 'link', 'del', 'dev', device])] : [];
  if (now.exists !== 'yes') return [];
  const layers = [
    settings(device, now, wanted),
    [
      ...attributes(device, now, wanted),
      ...bridging(
        device,
        now,
        wanted,
        Object.keys(wanted).some((name) => name.startsWith('bridge ')),
      ),
    ],
    addresses(device, now, wanted),
    [...neighbours(device, now, wanted), ...routes(now, wanted)],
  ];
  return (layers.find((layer) => layer.length > 0) ?? []).map((argv) => run(argv));
}
