/**
 * In netdoctor's own image: the folders of the host in the place of the container's, and the clients of its
 * services run there. Everything else of netdoctor sees a host, and knows nothing of the container around it.
 */
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { cannotLook } from '../model/failure.ts';
import { list } from '../words/text.ts';
import { errnoName, libc } from './sys/libc.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Set by the image alone: where the host's root is seen. */
const HOST = 'NETDOCTOR_HOST';

/** The call that the image is made for. */
const CALL = 'docker run --rm -it --privileged --pid=host --network=host -v /:/host netdoctor web';

/**
 * What is the host's: settings, sockets and names (run), journals and engines' stores, the clients' own settings, modules,
 * and /sys with the tracefs that is mounted in it. /proc is the host's by --pid=host.
 */
const FOLDERS = ['/etc', '/run', '/var', '/root', '/home', '/sys', '/lib/modules'];

/** mount(2), linux/mount.h */
const MS_BIND = 4096;
const MS_REC = 16384;
const MS_SLAVE = 1 << 19;

/** A preloaded library of the host would be looked for among the image's. ld.so(8) */
const PRELOAD = '/etc/ld.so.preload';

/** Bit of CapEff in proc_pid_status(5); capabilities(7) */
const CAP_SYS_ADMIN = 1n << 21n;

/** Is this container's namespace of such a kind another than the host's? Null where that may not be asked. */
function isOther(kind: string): boolean | null {
  try {
    return readlinkSync(`/proc/1/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`);
  } catch {
    return null;
  }
}

/** Which options of the call are missing, in its own order. */
function missing(host: string): string[] {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  if ((BigInt(`0x${effective}`) & CAP_SYS_ADMIN) === 0n) return ['--privileged'];
  // Without it the first process is the container's own, and tells nothing of the host's network.
  if (isOther('mnt') !== true) return ['--pid=host'];
  return [
    ...(isOther('net') === false ? [] : ['--network=host']),
    ...(existsSync(path.join(host, 'etc')) ? [] : [`-v /:${host}`]),
  ];
}

/** Mounts are of this container's own mount namespace, and end with it. */
function mount(source: string, target: string, flags: number): void {
  if (libc().mount(source, target, null, flags, null) === 0) return;
  throw cannotLook(
    'no-host-files',
    `The host's ${target} cannot be seen in this container: ${errnoName(libc().errno())}.`,
    CALL,
  );
}

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
};

/** A demo starts netdoctor once more, in a network of its own; by then it sees the host. */
const hasHostsPlace = (host: string): boolean =>
  existsSync(path.join(host, 'etc')) && isSame(path.join(host, 'etc'), '/etc');

/**
 * Puts the host's folders in their places; nothing outside the image, and once in a container. Answers which options the
 * container was started without: where there are any, it sees itself alone, as is enough for a help page.
 */
export function seeHost(env: Environment = process.env): readonly string[] {
  const host = env[HOST];
  if (!host || hasHostsPlace(host)) return [];
  const lacking = missing(host);
  if (lacking.length > 0) return lacking;
  for (const folder of FOLDERS) {
    const own = path.join(host, folder);
    if (!existsSync(own) || !existsSync(folder) || isSame(own, folder)) continue;
    mount(own, folder, MS_BIND | MS_REC);
    // What the host mounts from now on (a namespace's name) is seen here; nothing of ours is seen there.
    mount('none', folder, MS_SLAVE | MS_REC);
  }
  if (existsSync(PRELOAD) && !isSame('/dev/null', PRELOAD)) mount('/dev/null', PRELOAD, MS_BIND);
  return [];
}

/** @throws Failure where the container was started without what netdoctor needs to see its host */
export function needHost(env: Environment = process.env): void {
  const lacking = seeHost(env);
  if (lacking.length > 0)
    throw cannotLook(
      'image-options',
      `This container was started without ${list(lacking)}: netdoctor sees it, and not the host.`,
      CALL,
    );
}

/**
 * Clients of engines and of what keeps the network of a host: they speak to a service of the host, and belong to its
 * version and settings. Nothing else is run with the host's files around it, a mount(8) least of all.
 */
const CLIENTS =
  /^(podman|docker|nerdctl|ctr|crictl|incus|lxc|lxc-[a-z]+|machinectl|systemctl|systemd-run|resolvectl|networkctl|nmcli|netplan|firewall-cmd|ufw)$/;

/** `argv`, or in the image, for a client of a service of the host, how it is run there: nsenter(1), with the host's files. */
export const asOnHost = (
  program: string,
  argv: readonly string[],
  env: Environment = process.env,
): string[] =>
  env[HOST] && CLIENTS.test(program) ? ['nsenter', '--target=1', '--mount', '--', ...argv] : [...argv];
