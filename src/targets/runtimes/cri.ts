import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { Target } from '../../model/target.ts';
import { shellLine } from '../../words/text.ts';
import { sandboxes } from '../containerd.ts';
import { isThere } from '../presence.ts';
import { processTarget } from '../process-target.ts';
import { runtime } from '../runtime.ts';

/** What is read of `crictl pods -o json` and `crictl inspectp`: the CRI's PodSandbox, and the runtime's own words. */
interface Pod {
  id: string;
  state: string;
  metadata: { name: string; namespace: string };
  /** Its first process, where containerd itself was asked. */
  pid?: number;
}
interface Inspected {
  info?: { pid?: number; runtimeSpec?: { linux?: { namespaces?: { type: string; path?: string }[] } } };
}

/** Where kubelet's runtimes listen when crictl is told nothing: cri-tools, docs/crictl.md. */
const SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/cri-dockerd.sock',
] as const;
const CONFIGURED = '/etc/crictl.yaml';

const silent = (machine: Machine): boolean =>
  !machine.env.CONTAINER_RUNTIME_ENDPOINT &&
  !isThere(machine, CONFIGURED) &&
  !SOCKETS.some((socket) => isThere(machine, socket));

async function pods(machine: Machine): Promise<Answer<readonly Pod[]>> {
  const argv = ['crictl', '--timeout', '2s', 'pods', '--output', 'json'] as const;
  if (silent(machine)) return known([], argv);
  const answer = await ask(machine, argv);
  if (!answer.known) return answer.because === 'no-such-tool' ? byContainerd(machine) : answer;
  return known((JSON.parse(answer.value) as { items?: Pod[] | null }).items ?? [], argv);
}

/** A machine without crictl may still have containerd's client. */
async function byContainerd(machine: Machine): Promise<Answer<readonly Pod[]>> {
  const all = await sandboxes(machine);
  if (!all.known) return all;
  return known(
    all.value.map(({ id, state, pid, labels }) => ({
      id,
      pid,
      state: state === 'running' ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
      metadata: {
        name: labels['io.kubernetes.pod.name'] ?? id,
        namespace: labels['io.kubernetes.pod.namespace'] ?? '',
      },
    })),
    all.source,
  );
}

const stateOf = (pod: Pod): string => (pod.state === 'SANDBOX_READY' ? 'running' : 'stopped');
const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

/** Pods of Kubernetes: the pod has the network, all of its containers share it. */
export default runtime({
  name: 'cri',
  bare: true,
  async find(machine, name) {
    const all = await pods(machine);
    if (!all.known) return all;
    const alive = all.value.filter((pod) => stateOf(pod) === 'running');
    const exact = alive.filter((pod) => pod.metadata.name === name || nameOf(pod) === name);
    const found = exact.length > 0 ? exact : alive.filter((pod) => pod.id.startsWith(name));
    return known(await Promise.all(found.map((pod) => describe(machine, pod))), all.source);
  },
  async list(machine) {
    const all = await pods(machine);
    if (!all.known) return all;
    return known(
      all.value.map((pod) => ({
        runtime: 'cri',
        name: nameOf(pod),
        id: pod.id.slice(0, 13),
        state: stateOf(pod),
        pid: null,
        addresses: [],
        networks: [],
      })),
      all.source,
    );
  },
});

async function describe(machine: Machine, pod: Pod): Promise<Target> {
  const told = {
    runtime: 'cri',
    name: nameOf(pod),
    id: pod.id.slice(0, 13),
    state: stateOf(pod),
    start: 'kubectl, on the control plane',
    about: 'Kubernetes pod',
  };
  if (pod.pid !== undefined) {
    const inspect = shellLine(['ctr', '-n', 'k8s.io', 'containers', 'info', pod.id]);
    return processTarget(machine, { ...told, pid: pod.pid, inspect });
  }
  const answer = await ask(machine, ['crictl', 'inspectp', '--output', 'json', pod.id]);
  const { info } = answer.known ? (JSON.parse(answer.value) as Inspected) : {};
  // The sandbox's process may be gone while the namespace made for it stays.
  const path = info?.runtimeSpec?.linux?.namespaces?.find(({ type }) => type === 'network')?.path;
  const netns = path ? machine.netns(path) : undefined;
  return processTarget(machine, {
    ...told,
    pid: info?.pid ?? 0,
    ...(netns?.known ? { netns: netns.value } : {}),
    inspect: shellLine(['crictl', 'inspectp', pod.id.slice(0, 13)]),
  });
}
