/** Podman's own list of containers, read without podman: containers-storage.conf(5), c/storage's containers.json. */
import type { Machine } from '../host/machine.ts';

export interface Stored {
  readonly id: string;
  readonly names: readonly string[];
}

const DEFAULT_ROOT = '/var/lib/containers/storage';
const DEFAULT_RUN = '/run/containers/storage';

/** Empty where podman keeps none; undefined where that cannot be told, and podman itself must be asked. */
export function storedContainers(machine: Machine): readonly Stored[] | undefined {
  // A user's own store, or another client's options, cannot be foretold.
  if (machine.uid !== 0) return undefined;
  const found: Stored[] = [];
  for (const folder of stores(machine)) {
    const drivers = machine.list(folder);
    if (!drivers.known) {
      if (drivers.because === 'vanished') continue;
      return undefined;
    }
    for (const driver of drivers.value.filter((name) => name.endsWith('-containers'))) {
      for (const name of ['containers.json', 'volatile-containers.json']) {
        const file = machine.read(`${folder}/${driver}/${name}`);
        if (!file.known) continue;
        try {
          for (const { id, names } of JSON.parse(file.value || '[]') as { id: string; names?: string[] }[])
            found.push({ id, names: names ?? [] });
        } catch {
          return undefined;
        }
      }
    }
  }
  return found;
}

/** graphroot and runroot, as the first configuration that names them says. */
function stores(machine: Machine): string[] {
  const files = machine.env.CONTAINERS_STORAGE_CONF
    ? [machine.env.CONTAINERS_STORAGE_CONF]
    : ['/etc/containers/storage.conf', '/usr/share/containers/storage.conf'];
  const texts = files.map((file) => machine.read(file)).flatMap((text) => (text.known ? [text.value] : []));
  const named = (key: string): string | undefined =>
    texts.map((text) => new RegExp(`^\\s*${key}\\s*=\\s*"([^"]+)"`, 'm').exec(text)?.[1]).find(Boolean);
  return [named('graphroot') ?? DEFAULT_ROOT, named('runroot') ?? DEFAULT_RUN];
}
