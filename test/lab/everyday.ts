/** Ordinary traffic beside a scenario's own question: what people would miss first, asked without netdoctor. */
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Network } from './scenario.ts';

/** One of them, as a shell asks it in the namespace of `from`. */
export interface Everyday {
  /** `A → 10.88.0.1` */
  readonly says: string;
  readonly kind: Kind;
  /** The name of a namespace of the network. */
  readonly from: string;
  readonly sh: string;
}

const KINDS = [
  'gateway',
  'name server',
  'neighbour',
  'published port',
  'outside',
  'from the host',
  'other network',
] as const;
type Kind = (typeof KINDS)[number];

/** Who lives where, as `ip -j addr` and `ip -j route` tell it. */
export interface Inhabitant {
  readonly name: string;
  /** `10.88.0.2/24` */
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
}

/** How many are asked. */
const MOST = 10;

/** Where the lab's host publishes a port, and what plays the internet and its name server. */
const PUBLISHED = { address: '192.0.2.1', port: 8080 };
const OUTSIDE = '198.51.100.1';
const NAME_SERVERS = ['198.51.100.53', '127.0.0.11', '10.88.0.1'];

const ping = (address: string): string => `ping -n -c1 -W1 ${address} >/dev/null`;

/** Not the handshake alone: something in front of a dead server would take that. */
const web = (address: string, port: number): string =>
  `exec 3<>/dev/tcp/${address}/${port} && echo GET >&3 && test "$(head -c1 <&3 | wc -c)" = 1`;

/** A question for the address of a name (RFC 1035, 4.1), in the words of printf. */
const dns = (address: string, name: string): string =>
  `exec 3<>/dev/udp/${address}/53 && printf '\\x12\\x34\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\x${name.length.toString(16).padStart(2, '0')}${name}\\0\\0\\1\\0\\1' >&3 && test "$(head -c12 <&3 | wc -c)" = 12`;

const bare = (address: string): string => address.replace(/\/\d+$/, '');

const subnet = (address: string): string =>
  address.includes(':') ? address.replace(/:[^:]*$/, '') : address.replace(/\.\d+\/.*$/, '');

/** Everything that people of such a network do. Whether it works there is another matter. */
export function everydayOf(inhabitants: readonly Inhabitant[]): Everyday[] {
  const containers = inhabitants.filter(({ name }) => name !== 'host' && name !== 'LAN');
  const flow = (kind: Kind, from: string, to: string, sh: string): Everyday => ({
    says: `${from} → ${to}`,
    kind,
    from,
    sh,
  });
  const { address, port } = PUBLISHED;
  return [
    ...inhabitants.flatMap(({ name, gateways }) =>
      gateways.map((gateway) => flow('gateway', name, gateway, ping(gateway))),
    ),
    ...inhabitants
      .filter(({ name }) => name !== 'LAN')
      .map(({ name }) => flow('outside', name, `${OUTSIDE}:80`, web(OUTSIDE, 80))),
    ...containers.flatMap(({ name }) =>
      NAME_SERVERS.map((server) => flow('name server', name, `${server}:53`, dns(server, name))),
    ),
    ...['LAN', 'host', ...containers.map(({ name }) => name)].map((name) =>
      flow('published port', name, `${address}:${port}`, web(address, port)),
    ),
    ...containers.flatMap(({ name, addresses }) =>
      containers
        .filter((other) => other.name !== name)
        .flatMap((other) =>
          other.addresses.map((far) =>
            flow(
              addresses.some((own) => subnet(own) === subnet(far)) ? 'neighbour' : 'other network',
              name,
              `${bare(far)}:80`,
              web(bare(far), 80),
            ),
          ),
        ),
    ),
    ...containers.flatMap((one) =>
      one.addresses.map((far) => flow('from the host', 'host', `${bare(far)}:80`, web(bare(far), 80))),
    ),
  ];
}

/** At most ten, of every kind in turn. */
export function tenOf(flows: readonly Everyday[]): Everyday[] {
  const left = KINDS.map((kind) => flows.filter((one) => one.kind === kind));
  const chosen: Everyday[] = [];
  while (chosen.length < MOST && left.some((of) => of.length > 0))
    for (const of of left) chosen.push(...of.splice(0, 1));
  return chosen.slice(0, MOST);
}

/** Those that are answered now; asked side by side, each for a second at most. */
export async function answeredOf(network: Network, flows: readonly Everyday[]): Promise<Everyday[]> {
  // Asked for each time: a container that was started again has another namespace.
  const paths = await network.namespaces();
  const answers = await Promise.all(
    flows.map(async ({ from, sh }) => {
      const argv = [`--net=${paths[from]}`, 'timeout', '1', 'bash', '--norc', '-c', sh];
      const { exitCode } = await execa('nsenter', argv, { reject: false, stdio: 'ignore' });
      return exitCode === 0;
    }),
  );
  return flows.filter((_, at) => answers[at]);
}

/** Those that are answered by none of three looks, in words: a link that came up is asked for again. */
export async function lostOf(network: Network, flows: readonly Everyday[]): Promise<string[]> {
  let missing = [...flows];
  for (let look = 0; look < 3 && missing.length > 0; look++) {
    if (look > 0) await sleep(700);
    const answered = await answeredOf(network, missing);
    missing = missing.filter((one) => !answered.includes(one));
  }
  return missing.map(({ says }) => says);
}

/** The ten that work on this network now, twice in a row. */
export async function tenThatWork(network: Network): Promise<Everyday[]> {
  const flows = everydayOf(await inhabitantsOf(network));
  return tenOf(await answeredOf(network, await answeredOf(network, flows)));
}

async function inhabitantsOf(network: Network): Promise<Inhabitant[]> {
  const paths = Object.entries(await network.namespaces());
  return Promise.all(
    paths.map(async ([name, path]) => {
      const tell = async (...argv: string[]): Promise<unknown[]> =>
        JSON.parse((await execa('nsenter', [`--net=${path}`, 'ip', '-j', ...argv])).stdout || '[]');
      const links = (await tell('addr', 'show', 'scope', 'global')) as {
        addr_info?: { local?: string; prefixlen: number }[];
      }[];
      const routes = [
        ...(await tell('-4', 'route', 'show', 'default')),
        ...(await tell('-6', 'route', 'show', 'default')),
      ] as { gateway?: string }[];
      return {
        name,
        addresses: links.flatMap(({ addr_info = [] }) =>
          addr_info.flatMap(({ local, prefixlen }) => (local ? [`${local}/${prefixlen}`] : [])),
        ),
        gateways: routes.flatMap(({ gateway }) => (gateway && !/^fe80:/i.test(gateway) ? [gateway] : [])),
      };
    }),
  );
}
