/** containerd's own client: namespaces, tasks (what runs), and what nerdctl wrote about each container. ctr(8). */

import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { type Answer, known } from '../model/answer.ts';
import { isThere } from './presence.ts';

export interface Contained {
  readonly namespace: string;
  readonly id: string;
  /** nerdctl's name, or the id. */
  readonly name: string;
  /** Empty where nothing runs. */
  readonly state: string;
  readonly pid: number;
  readonly labels: ContainedDetails['labels'];
}

export interface ContainedDetails {
  readonly labels: Readonly<Record<string, string>>;
  /** resolv.conf as it is mounted into it, on the host's side. */
  readonly resolvConf: string | null;
}

const SOCKET = '/run/containerd/containerd.sock';
/** Docker's and Kubernetes' own: their runtimes list them under the names people use. */
const OTHERS = new Set(['moby', 'k8s.io', 'buildkit']);
const LIST = ['ctr', '--connect-timeout', '1s'] as const;

/** Nothing where containerd is not there; every namespace but those of other runtimes. */
export const contained = (machine: Machine): Promise<Answer<readonly Contained[]>> =>
  within(machine, (namespace) => !OTHERS.has(namespace));

/** Pods that containerd's own CRI keeps: of each the one container that its network is made for. pkg/cri, labels. */
export async function sandboxes(machine: Machine): Promise<Answer<readonly Contained[]>> {
  const all = await within(machine, (namespace) => namespace === 'k8s.io');
  if (!all.known) return all;
  return known(
    all.value.filter(({ labels }) => labels['io.cri-containerd.kind'] === 'sandbox'),
    all.source,
  );
}

async function within(
  machine: Machine,
  wanted: (namespace: string) => boolean,
): Promise<Answer<readonly Contained[]>> {
  const socket = machine.env.CONTAINERD_ADDRESS || SOCKET;
  if (!isThere(machine, socket.replace(/^unix:\/\//, ''))) return known([], ['ls', socket]);
  const namespaces = await ask(machine, [...LIST, 'namespaces', 'list', '--quiet']);
  if (!namespaces.known)
    return namespaces.because === 'no-such-tool' ? known([], namespaces.source) : namespaces;
  const names = namespaces.value.split('\n').filter((name) => name && wanted(name));
  const lists = await Promise.all(names.map((name) => ofNamespace(machine, name)));
  for (const list of lists) if (!list.known) return list;
  return known(
    lists.flatMap((list) => (list.known ? list.value : [])),
    namespaces.source,
  );
}

async function ofNamespace(machine: Machine, namespace: string): Promise<Answer<readonly Contained[]>> {
  const inside = [...LIST, '--namespace', namespace] as const;
  const [ids, tasks] = await Promise.all([
    ask(machine, [...inside, 'containers', 'list', '--quiet']),
    ask(machine, [...inside, 'tasks', 'list']),
  ]);
  if (!ids.known) return ids;
  if (!tasks.known) return tasks;
  const running = new Map(
    tasks.value
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([id, pid, state]) => (id ? [[id, { pid: Number(pid), state: state ?? '' }] as const] : [])),
  );
  const all = ids.value.split('\n').filter(Boolean);
  const details = await Promise.all(all.map((id) => detailsOf(machine, namespace, id)));
  return known(
    all.map((id, index) => ({
      namespace,
      id,
      name: details[index]?.labels['nerdctl/name'] ?? id,
      state: (running.get(id)?.state ?? 'stopped').toLowerCase(),
      pid: running.get(id)?.pid ?? 0,
      labels: details[index]?.labels ?? {},
    })),
    ids.source,
  );
}

/** Labels and mounts of one; nothing is said about one that went away meanwhile. */
export async function detailsOf(machine: Machine, namespace: string, id: string): Promise<ContainedDetails> {
  const answer = await ask(machine, [...LIST, '--namespace', namespace, 'containers', 'info', id]);
  if (!answer.known) return { labels: {}, resolvConf: null };
  const { Labels, Spec } = JSON.parse(answer.value) as {
    Labels?: Record<string, string> | null;
    Spec?: { mounts?: { destination: string; source: string }[] | null };
  };
  const mount = (Spec?.mounts ?? []).find(({ destination }) => destination === '/etc/resolv.conf');
  return { labels: Labels ?? {}, resolvConf: mount?.source ?? null };
}
