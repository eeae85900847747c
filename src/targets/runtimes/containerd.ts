import { known } from '../../model/answer.ts';
import { plain, shellLine } from '../../words/text.ts';
import { contained, detailsOf } from '../containerd.ts';
import { processTarget } from '../process-target.ts';
import { runtime } from '../runtime.ts';

/** What nerdctl writes into its label `nerdctl/ports`. */
interface Mapping {
  readonly HostPort: number;
  readonly ContainerPort: number;
  readonly Protocol: string;
  readonly HostIP: string;
}

const NO_MAPPING: Mapping = { HostPort: 0, ContainerPort: 0, Protocol: '', HostIP: '' };

const parsed = <T>(text: string | undefined, like: T): readonly T[] => {
  try {
    const said: unknown = text ? JSON.parse(text) : [];
    // A label is whatever somebody wrote into it: of a list, what is of the kind of `like`.
    return Array.isArray(said) ? said.filter((one) => one !== null && typeof one === typeof like) : [];
  } catch {
    return [];
  }
};

/** Containers of containerd itself, as `ctr` and nerdctl make them, in every namespace of its own. */
export default runtime({
  name: 'containerd',
  bare: true,
  async find(machine, name) {
    const all = await contained(machine);
    if (!all.known) return all;
    const exact = all.value.filter((one) => one.name === name || one.id === name);
    const found = exact.length > 0 ? exact : all.value.filter((one) => one.id.startsWith(name));
    const targets = await Promise.all(
      found.map(async ({ namespace, id, name: own, state, pid }) => {
        const { labels, resolvConf } = await detailsOf(machine, namespace, id);
        const networks = parsed(labels['nerdctl/networks'], '').map(plain);
        const client = labels['nerdctl/name'] ? ['nerdctl', '-n', namespace] : ['ctr', '-n', namespace];
        return processTarget(machine, {
          runtime: 'containerd',
          name: own,
          id: id.slice(0, 12),
          state,
          pid,
          start: shellLine([
            ...client,
            ...(labels['nerdctl/name'] ? ['start'] : ['tasks', 'start', '-d']),
            own,
          ]),
          inspect: shellLine([
            ...client,
            ...(labels['nerdctl/name'] ? ['inspect'] : ['containers', 'info']),
            own,
          ]),
          about: `containerd, namespace "${plain(namespace)}"${networks.length > 0 ? `, network ${networks.join(', ')}` : ''}`,
          mode: networks[0] ?? null,
          resolvConf,
          ports: parsed(labels['nerdctl/ports'], NO_MAPPING).map((port) => ({
            proto: port.Protocol,
            hostAddress: port.HostIP || '0.0.0.0',
            hostPort: port.HostPort,
            containerPort: port.ContainerPort,
          })),
        });
      }),
    );
    return known(targets, all.source);
  },
  async list(machine) {
    const all = await contained(machine);
    if (!all.known) return all;
    return known(
      all.value.map(({ id, name, state, pid }) => ({
        runtime: 'containerd',
        name,
        id: id === name ? null : id.slice(0, 12),
        state,
        pid: pid > 0 ? pid : null,
        addresses: [],
        networks: [],
      })),
      all.source,
    );
  },
});
