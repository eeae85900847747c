/** Which Docker Engine the user's own client would talk to: DOCKER_HOST, then the context, then the default socket. */
import { createHash } from 'node:crypto';
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import { plain, shellLine } from '../words/text.ts';

/** A configuration with many logins is long. Bytes. */
const MOST = 1024 * 1024;
const DEFAULT = '/var/run/docker.sock';

/** Path of the engine's unix socket; a Failure when the engine is on another machine, whose pids are not ours. */
export function dockerSocket(machine: Machine, target: string): string {
  const host = machine.env.DOCKER_HOST || contextHost(machine);
  if (!host) return DEFAULT;
  if (host.startsWith('unix://')) return host.slice('unix://'.length);
  if (host.startsWith('/')) return host;
  const there = host.replace(/^\w+:\/\//, '').replace(/:\d+$/, '');
  throw cannotLook(
    'remote-engine',
    `The Docker Engine at ${plain(host)} is on another machine; its containers' packets cannot be seen from here.`,
    `Run it there: ${shellLine(['ssh', there, 'sudo', 'netdoctor', target])}`,
  );
}

function contextHost(machine: Machine): string | undefined {
  const folder = machine.env.DOCKER_CONFIG || `${machine.env.HOME ?? '/root'}/.docker`;
  const name = machine.env.DOCKER_CONTEXT || json(machine, `${folder}/config.json`)?.currentContext;
  if (typeof name !== 'string' || name === '' || name === 'default') return undefined;
  const digest = createHash('sha256').update(name).digest('hex');
  const meta = json(machine, `${folder}/contexts/meta/${digest}/meta.json`) as
    | { Endpoints?: { docker?: { Host?: string } } }
    | undefined;
  return meta?.Endpoints?.docker?.Host;
}

function json(machine: Machine, file: string): Record<string, unknown> | undefined {
  const text = machine.readForeign(file, { most: MOST, trusted: true });
  if (!text.known) return undefined;
  try {
    return JSON.parse(text.value) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
