/** A container that runs: from what its runtime says of its first process to the namespace it lives in. */
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Netns } from '../model/netns.ts';
import { plain, shellLine } from '../words/text.ts';

export interface Claimed {
  readonly name: string;
  /** The runtime's word: `running`, `exited`, … */
  readonly state: string;
  /** Of its first process; 0 where it has none. */
  readonly pid: number;
  /** What a person types to start it, and to look at it. */
  readonly start: string;
  readonly inspect: string;
}

/** The namespace of its first process. @throws Failure for one that does not run, or may not be entered */
export function namespaceOf(machine: Machine, { name, state, pid, start, inspect }: Claimed): Netns {
  if (!(pid > 0))
    throw cannotLook(
      'not-running',
      `The container ${name} is ${plain(state)}: a stopped container has no network.`,
      `Start it and ask again: ${start}`,
    );
  const netns = machine.netns(`/proc/${pid}/ns/net`);
  if (netns.known) return netns.value;
  const denied = netns.because === 'no-permission';
  throw cannotLook(
    denied ? 'no-permission' : 'container-gone',
    denied
      ? `The network namespace of ${name} may not be entered: that takes root.`
      : `Process ${pid} of ${name} is not on this host.`,
    denied ? shellLine(['sudo', 'netdoctor', name]) : inspect,
  );
}

/** `network "a"`, `networks "a", "b"`, or the mode where there is none. */
export const networksInWords = (names: readonly string[], mode: string): string =>
  `${names.length === 1 ? 'network' : 'networks'} ${names.map((one) => `"${one}"`).join(', ') || `"${plain(mode)}"`}`;

/** Published ports as Docker's and podman's inspect give them: `80/tcp` to the addresses and ports of the host. */
export type PortBindings = Readonly<
  Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
>;

export function publishedPorts(ports: PortBindings) {
  return Object.entries(ports).flatMap(([inside, bindings]) => {
    const [port = '0', proto = 'tcp'] = inside.split('/');
    return (bindings ?? []).map((binding) => ({
      proto,
      hostAddress: binding.HostIp || '0.0.0.0',
      hostPort: Number(binding.HostPort),
      containerPort: Number(port),
    }));
  });
}
