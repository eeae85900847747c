/** Resolvers that stand for others, and whom they ask: a runtime's own, systemd's stub, a cache on the node. */
import type { Machine } from '../../host/machine.ts';
import type { StandIn } from '../../model/look-up.ts';
import type { Target } from '../../model/target.ts';
import { readAsGlibc } from '../../resolver/configuration.ts';
import { EMBEDDED } from '../../wire/dns.ts';
import { plain } from '../../words/text.ts';
import { readNamesFile } from '../resolver.ts';

/** Where Kubernetes' NodeLocal DNSCache listens on every node. */
const NODE_LOCAL = '169.254.20.10';
const STUBS: readonly string[] = ['127.0.0.53', '127.0.0.54'];

/** `resolvConf`: the container's own, in which Docker writes whom it asks. */
export function standInOf(
  machine: Machine,
  target: Target,
  server: string,
  resolvConf: string | undefined,
): StandIn | undefined {
  if (server === EMBEDDED)
    return {
      server,
      what: 'Docker’s embedded resolver',
      upstreams: behindDocker(machine, target, resolvConf),
    };
  if (STUBS.includes(server))
    return {
      server,
      what: 'systemd-resolved’s stub',
      upstreams: serversIn(machine, '/run/systemd/resolve/resolv.conf'),
    };
  if (server === NODE_LOCAL) return { server, what: 'the node’s DNS cache', upstreams: [] };
  const network =
    target.runtime === 'podman'
      ? target.networks.find(({ gateways }) => gateways.includes(server))
      : undefined;
  return (
    network && {
      server,
      what: 'Podman’s resolver (aardvark-dns)',
      upstreams: behindAardvark(machine, network.name),
    }
  );
}

/**
 * The servers named by --dns, else those of the host's resolv.conf. Since 25 Docker writes them into the container's
 * resolv.conf, those of the host's own loopback apart: `# ExtServers: [192.0.2.53 host(127.0.0.53)]`.
 */
function behindDocker(machine: Machine, target: Target, resolvConf = ''): string[] {
  const written = /^# ExtServers: \[([^\]]+)\]/m.exec(resolvConf)?.[1]?.trim().split(/\s+/);
  if (written) return written.map((word) => plain(word.replace(/^host\((.+)\)$/, '$1')));
  return target.nameservers?.length ? [...target.nameservers] : serversIn(machine, '/etc/resolv.conf');
}

/** Its file for a network begins with its own addresses and, since netavark 1.6, with whom it asks. */
function behindAardvark(machine: Machine, network: string): string[] {
  const file = readNamesFile(machine, `/run/containers/networks/aardvark-dns/${network}`);
  const [, told = ''] = (file.known ? (file.value.split('\n')[0] ?? '') : '').trim().split(/\s+/);
  const servers = told.split(',').filter(Boolean).map(plain);
  return servers.length > 0 ? servers : serversIn(machine, '/etc/resolv.conf');
}

function serversIn(machine: Machine, file: string): string[] {
  const text = readNamesFile(machine, file);
  return text.known ? [...readAsGlibc(text.value).servers] : [];
}
