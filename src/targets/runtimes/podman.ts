import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { Candidate, Network, Target } from '../../model/target.ts';
import { plain, shellLine } from '../../words/text.ts';
import { podmanBearers } from '../podman-bearers.ts';
import { type Rootless, rootlessContainers } from '../podman-rootless.ts';
import { storedContainers } from '../podman-store.ts';
import { processTarget } from '../process-target.ts';
import { namespaceOf, networksInWords, type PortBindings, publishedPorts } from '../running.ts';
import { runtime } from '../runtime.ts';

/** What is read of `podman inspect`, `podman network inspect` and `podman ps --format json`. */
interface Inspected {
  Id: string;
  Name: string;
  State: { Status: string; Running: boolean; Pid: number };
  HostConfig: { NetworkMode: string };
  ResolvConfPath?: string;
  NetworkSettings: { Networks?: Record<string, Endpoint> | null; Ports?: PortBindings };
}
interface Endpoint {
  IPAddress: string;
  GlobalIPv6Address: string;
  Gateway: string;
  IPv6Gateway: string;
  MacAddress: string;
}
interface NetworkInspected {
  name: string;
  driver: string;
  network_interface?: string;
  internal?: boolean;
  subnets?: { subnet: string; gateway?: string }[] | null;
  options?: Record<string, string> | null;
}
interface Listed {
  Id: string;
  Names: string[];
  State: string;
  Pid: number;
  Networks: string[] | null;
  Ports:
    | { host_ip: string; host_port: number; container_port: number; range: number; protocol: string }[]
    | null;
}

/** Containers of podman, and of users' rootless podman as far as root sees them; the client is the engine, and takes 30 ms or more, so it is asked only when needed. */
export default runtime({
  name: 'podman',
  bare: true,
  bearers: podmanBearers,
  async find(machine, name) {
    const stored = storedContainers(machine);
    if (stored && !stored.some(({ id, names }) => names.includes(name) || id.startsWith(name)))
      return known(rootlessTargets(machine, name), ['podman', 'inspect', name]);
    const answer = await ask(machine, ['podman', 'inspect', '--type', 'container', name]);
    if (!answer.known) {
      const absent = /no such (object|container)/i.test(answer.detail) || answer.because === 'no-such-tool';
      return absent ? known([], answer.source) : answer;
    }
    const [body] = JSON.parse(answer.value) as Inspected[];
    return known(body ? [await describe(machine, body)] : [], answer.source);
  },
  async list(machine) {
    const users = rootlessContainers(machine).map(rootlessCandidate);
    if (storedContainers(machine)?.length === 0) return known(users, ['podman', 'ps']);
    const answer = await ask(machine, ['podman', 'ps', '--all', '--format', 'json']);
    if (!answer.known) return answer.because === 'no-such-tool' ? known(users, answer.source) : answer;
    const own = (JSON.parse(answer.value || '[]') as Listed[]).map(candidate);
    return known([...own, ...users], answer.source);
  },
});

const rootlessCandidate = ({ name, id, pid, helper }: Rootless): Candidate => ({
  runtime: 'podman',
  name,
  id: id.slice(0, 12),
  state: pid > 0 ? 'running' : 'exited',
  pid: pid > 0 ? pid : null,
  addresses: [],
  networks: [`rootless${helper ? ` (${helper})` : ''}`],
});

function rootlessTargets(machine: Machine, name: string): Target[] {
  const all = rootlessContainers(machine);
  const exact = all.filter((one) => one.name === name || one.id === name);
  return (exact.length > 0 ? exact : all.filter(({ id }) => id.startsWith(name))).map((one) =>
    processTarget(machine, {
      runtime: 'podman',
      name: one.name,
      id: one.id.slice(0, 12),
      state: one.pid > 0 ? 'running' : 'exited',
      pid: one.pid,
      start: `${shellLine(['podman', 'start', one.name])}, as user ${one.user}`,
      inspect: `${shellLine(['podman', 'inspect', one.name])}, as user ${one.user}`,
      about: `podman, rootless, of user ${one.user}`,
      mode: one.helper,
      resolvConf: one.resolvConf,
    }),
  );
}

const candidate = (item: Listed): Candidate => ({
  runtime: 'podman',
  name: item.Names[0] ?? item.Id.slice(0, 12),
  id: item.Id.slice(0, 12),
  state: item.State,
  pid: item.Pid > 0 ? item.Pid : null,
  addresses: [],
  networks: (item.Networks ?? []).map(plain),
  ports: (item.Ports ?? []).flatMap(({ host_ip, host_port, container_port, range, protocol }) =>
    Array.from({ length: range || 1 }, (_, at) => ({
      proto: protocol,
      hostAddress: host_ip || '0.0.0.0',
      hostPort: host_port + at,
      containerPort: container_port + at,
    })),
  ),
});

async function describe(machine: Machine, body: Inspected): Promise<Target> {
  const name = body.Name;
  const netns = namespaceOf(machine, {
    name,
    state: body.State.Status,
    pid: body.State.Running ? body.State.Pid : 0,
    start: shellLine(['podman', 'start', name]),
    inspect: shellLine(['podman', 'inspect', name]),
  });
  const mode = body.HostConfig.NetworkMode;
  const lender = await lenderOf(machine, mode);
  const settings = (lender ?? body).NetworkSettings;
  const networks = await networksOf(machine, settings.Networks ?? {});
  const names = networks.map((one) => one.name);
  return {
    runtime: 'podman',
    name,
    id: body.Id.slice(0, 12),
    pid: body.State.Pid,
    netns,
    hostNetwork: netns.inode === machine.self.inode,
    mode,
    networks,
    ports: publishedPorts(settings.Ports ?? {}),
    resolvConf: body.ResolvConfPath || null,
    about: `podman, ${networksInWords(names, mode.replace(/^container:.*/, 'container'))}${lender ? `, shared with ${plain(lender.Name)}` : ''}`,
  };
}

/** A pod's containers share the network of its infra container, which alone has networks and ports. */
async function lenderOf(machine: Machine, mode: string): Promise<Inspected | undefined> {
  const [, id] = /^container:(.+)$/.exec(mode) ?? [];
  const answer = id ? await ask(machine, ['podman', 'inspect', '--type', 'container', id]) : undefined;
  return answer?.known ? (JSON.parse(answer.value) as Inspected[])[0] : undefined;
}

async function networksOf(machine: Machine, endpoints: Record<string, Endpoint>): Promise<Network[]> {
  const names = Object.keys(endpoints);
  if (names.length === 0) return [];
  const answer: Answer<string> = await ask(machine, ['podman', 'network', 'inspect', ...names]);
  const inspected = answer.known ? (JSON.parse(answer.value) as NetworkInspected[]) : [];
  return Object.entries(endpoints).map(([label, endpoint]) =>
    network(
      label,
      endpoint,
      inspected.find((one) => one.name === label),
    ),
  );
}

/** Netavark's names; a network of CNI has no such answer, and is known by its addresses alone. */
function network(label: string, endpoint: Endpoint, details: NetworkInspected | undefined): Network {
  const subnets = details?.subnets ?? [];
  const options = details?.options ?? {};
  const gateways = [...subnets.map((one) => one.gateway), endpoint.Gateway, endpoint.IPv6Gateway];
  const driver = details?.driver ?? 'unknown';
  return {
    name: label,
    driver,
    bridge: driver === 'bridge' && details?.network_interface ? details.network_interface : null,
    subnets: subnets.map((one) => one.subnet),
    gateways: [...new Set(gateways.filter((one): one is string => Boolean(one)))],
    addresses: [endpoint.IPAddress, endpoint.GlobalIPv6Address].filter(Boolean),
    mac: endpoint.MacAddress || null,
    internal: details?.internal ?? false,
    // Podman's `isolate` keeps networks apart, not the containers of one.
    icc: true,
    masquerade: !details?.internal && options.mode !== 'unmanaged',
    options,
  };
}
