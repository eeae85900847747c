/** What the runtime's embedded resolver does not know itself, it asks others: the silent one is behind it then. */
import { parseResolver, readNamesFile } from '../discover/resolver.ts';
import type { Machine } from '../host/machine.ts';
import { isLoopback } from '../kernel/arrival.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Flow } from '../model/flow.ts';
import type { Target } from '../model/target.ts';
import { serverAddress } from '../resolver/server-address.ts';
import { EMBEDDED } from '../wire/dns.ts';

type Upstream = Pick<Flow, 'address' | 'from'>;

/** The flow that the embedded resolver makes of a question it took and did not answer; undefined where none is known. */
export function passedOn(
  machine: Machine,
  target: Target,
  flow: Flow,
  { status, cause }: Pick<Diagnosis, 'status' | 'cause'>,
): Flow | undefined {
  const took =
    status === 'fault' && (cause === 'no-reply-from-destination' || cause === 'dns-answer-refused');
  if (!took || flow.proto !== 'dns' || flow.from !== 'container' || flow.address !== EMBEDDED)
    return undefined;
  const upstream = upstreamOf(machine, target);
  return (
    upstream && {
      ...flow,
      ...upstream,
      to: upstream.address,
      port: 53,
      family: upstream.address.includes(':') ? 6 : 4,
      behind: `the embedded resolver ${EMBEDDED}`,
    }
  );
}

/**
 * Docker asks the servers named by --dns, else those of the host's resolv.conf: from the container's namespace, and
 * from the host's where the address is the host's own loopback. Since 25 it writes them into the container's
 * resolv.conf: `# ExtServers: [192.0.2.53 host(127.0.0.53)]`.
 */
function upstreamOf(machine: Machine, target: Target): Upstream | undefined {
  const own = target.resolvConf ? readNamesFile(machine, target.resolvConf) : undefined;
  const written = own?.known ? /^# ExtServers: \[([^\]]+)\]/m.exec(own.value)?.[1] : undefined;
  const [word] = written?.trim().split(/\s+/) ?? [];
  const onHost = word === undefined ? undefined : /^host\((.+)\)$/.exec(word)?.[1];
  if (onHost && serverAddress(onHost)) return { address: onHost, from: 'host' };
  const told = serverAddress(word ?? target.nameservers?.[0] ?? '');
  if (told) return { address: told, from: 'container' };
  const hosts = readNamesFile(machine, '/etc/resolv.conf');
  const server = hosts.known ? parseResolver('', hosts.value).nameservers[0] : undefined;
  return server ? { address: server, from: isLoopback(server) ? 'host' : 'container' } : undefined;
}
