import type { Machine } from '../../host/machine.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import { wrongCall } from '../../model/failure.ts';
import type { Candidate, Network, Target } from '../../model/target.ts';
import { plain, shellLine } from '../../words/text.ts';
import { dockerBearers } from '../docker-bearers.ts';
import { dockerSocket } from '../docker-endpoint.ts';
import { namespaceOf, networksInWords, publishedPorts } from '../running.ts';
import { runtime } from '../runtime.ts';

/** The parts of the Engine's answers that are read: Docker Engine API, ContainerInspect and NetworkInspect. */
interface Inspected {
  Id: string;
  Name: string;
  State: { Running: boolean; Paused?: boolean; Status: string; Pid: number };
  HostConfig: { NetworkMode: string; Dns?: string[] | null };
  ResolvConfPath?: string;
  NetworkSettings: {
    Networks: Record<string, Endpoint> | null;
    Ports?: Record<string, { HostIp: string; HostPort: string }[] | null>;
  };
}
interface Endpoint {
  NetworkID: string;
  IPAddress: string;
  GlobalIPv6Address: string;
  Gateway: string;
  IPv6Gateway: string;
  MacAddress: string;
}
interface NetworkInspected {
  Id: string;
  Name: string;
  Driver: string;
  Internal: boolean;
  IPAM: { Config: { Subnet?: string; Gateway?: string }[] | null };
  Options: Record<string, string> | null;
}
interface Listed {
  Id: string;
  Names: string[];
  State: string;
  Ports?: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[];
  NetworkSettings?: { Networks: Record<string, { IPAddress: string }> };
}

export default runtime({
  name: 'docker',
  bare: true,
  async find(machine, name) {
    const socket = dockerSocket(machine, name);
    const answer = await machine.request(socket, `/containers/${encodeURIComponent(name)}/json`);
    if (!answer.known) return answer;
    const { status, body } = answer.value;
    if (status === 404) return known([], answer.source);
    if (status >= 300) {
      const message = plain(String((body as { message?: string } | null)?.message ?? `status ${status}`));
      if (/multiple|ambiguous/i.test(message))
        throw wrongCall(
          'ambiguous-target',
          `"${plain(name)}" is the beginning of several ids: ${message}`,
          'Give more of the id, or the name.',
        );
      return notKnown('unreadable', message, answer.source);
    }
    return known([await describe(machine, socket, body as Inspected)], answer.source);
  },
  async list(machine) {
    const answer = await machine.request(dockerSocket(machine, '<container>'), '/containers/json?all=1');
    if (!answer.known) return answer;
    if (answer.value.status >= 300)
      return notKnown('unreadable', `status ${answer.value.status}`, answer.source);
    return known((answer.value.body as Listed[]).map(candidate), answer.source);
  },
  bearers: (machine, target) => dockerBearers(machine, dockerSocket(machine, target.name), target),
});

const candidate = (item: Listed): Candidate => {
  const networks = Object.entries(item.NetworkSettings?.Networks ?? {});
  return {
    runtime: 'docker',
    name: (item.Names[0] ?? item.Id).replace(/^\//, ''),
    id: item.Id.slice(0, 12),
    state: item.State,
    pid: null,
    addresses: networks.map(([, { IPAddress }]) => IPAddress).filter(Boolean),
    networks: networks.map(([name]) => name),
    ports: (item.Ports ?? []).flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
      PublicPort
        ? [{ proto: Type, hostAddress: IP || '0.0.0.0', hostPort: PublicPort, containerPort: PrivatePort }]
        : [],
    ),
  };
};

async function describe(machine: Machine, socket: string, body: Inspected): Promise<Target> {
  const name = body.Name.replace(/^\//, '');
  const { Running, Pid, Status } = body.State;
  const netns = namespaceOf(machine, {
    name,
    state: Status,
    pid: Running ? Pid : 0,
    start: shellLine(['docker', 'start', name]),
    inspect: shellLine(['docker', 'inspect', name]),
  });
  const mode = body.HostConfig.NetworkMode;
  const { holder, left } = await lender(machine, socket, mode, netns.inode);
  const { Networks, Ports } = (holder ?? body).NetworkSettings;
  const listed = await Promise.all(
    Object.entries(Networks ?? {}).map(([label, endpoint]) => network(machine, socket, label, endpoint)),
  );
  const networks = listed.some(({ driver, internal }) => driver === 'overlay' && !internal)
    ? [...listed, await network(machine, socket, WAY_OUT, { ...NOWHERE, NetworkID: WAY_OUT })]
    : listed;
  const shared = holder
    ? `, shared with ${plain(holder.Name.replace(/^\//, ''))}`
    : left
      ? `, left behind when ${left} was restarted`
      : '';
  return {
    runtime: 'docker',
    name,
    id: body.Id.slice(0, 12),
    pid: Pid,
    netns,
    hostNetwork: netns.inode === machine.self.inode,
    mode,
    networks,
    ports: publishedPorts(Ports ?? {}),
    nameservers: (body.HostConfig.Dns ?? []).map(plain),
    resolvConf: body.ResolvConfPath || null,
    about: `docker, ${networksInWords(
      listed.map((one) => one.name),
      mode.replace(/^container:.*/, 'container'),
    )}${shared}${body.State.Paused ? ', paused' : ''}`,
  };
}

/** An overlay has no way out of its own: the Engine gives its containers a second interface on this bridge, unlisted. */
const WAY_OUT = 'docker_gwbridge';
const NOWHERE = { IPAddress: '', GlobalIPv6Address: '', Gateway: '', IPv6Gateway: '', MacAddress: '' };

/**
 * Of `--network container:X`, the container whose network it is: the Engine lists networks and ports with X alone.
 * `left` is X's name where X lives in another namespace by now: a restart gave it a new one.
 */
async function lender(
  machine: Machine,
  socket: string,
  mode: string,
  inode: number,
): Promise<{ holder?: Inspected; left?: string }> {
  const [, id] = /^container:(.+)$/.exec(mode) ?? [];
  if (!id) return {};
  const answer = await machine.request(socket, `/containers/${encodeURIComponent(id)}/json`);
  if (!answer.known || answer.value.status >= 300) return {};
  const holder = answer.value.body as Inspected;
  const now = machine.netns(`/proc/${holder.State.Pid}/ns/net`);
  return now.known && now.value.inode === inode ? { holder } : { left: holder.Name.replace(/^\//, '') };
}

async function network(
  machine: Machine,
  socket: string,
  label: string,
  endpoint: Endpoint,
): Promise<Network> {
  const answer: Answer<{ status: number; body: unknown }> = endpoint.NetworkID
    ? await machine.request(socket, `/networks/${endpoint.NetworkID}`)
    : notKnown('vanished', 'no network id', []);
  const details =
    answer.known && answer.value.status < 300 ? (answer.value.body as NetworkInspected) : undefined;
  const options = details?.Options ?? {};
  const config = details?.IPAM.Config ?? [];
  const driver = details?.Driver ?? 'unknown';
  const gateways = [...config.map((entry) => entry.Gateway), endpoint.Gateway, endpoint.IPv6Gateway].filter(
    (gateway): gateway is string => Boolean(gateway),
  );
  return {
    name: label,
    driver,
    bridge:
      driver === 'bridge'
        ? (options['com.docker.network.bridge.name'] ?? `br-${endpoint.NetworkID.slice(0, 12)}`)
        : null,
    subnets: config.flatMap((entry) => (entry.Subnet ? [entry.Subnet] : [])),
    gateways: [...new Set(gateways)],
    addresses: [endpoint.IPAddress, endpoint.GlobalIPv6Address].filter(Boolean),
    mac: endpoint.MacAddress || null,
    internal: details?.Internal ?? false,
    icc: options['com.docker.network.bridge.enable_icc'] !== 'false',
    masquerade: natted(options, 4),
    masquerade6: natted(options, 6),
    options,
  };
}

/** Docker 27 and later: `nat`, `nat-unprotected`, `routed`, `isolated`, for each family. Docker's manual, bridge driver. */
const natted = (options: Record<string, string>, family: 4 | 6): boolean =>
  options['com.docker.network.bridge.enable_ip_masquerade'] !== 'false' &&
  !/^(routed|isolated)/.test(options[`com.docker.network.bridge.gateway_mode_ipv${family}`] ?? '');
