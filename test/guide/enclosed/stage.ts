/**
 * The host of a case, in namespaces of this program's own: the demo's network, or, where a namespace is named that
 * plays the internet, the host of a Docker Engine that runs already.
 */
import { buildNetwork } from '../../../src/demo/build.ts';
import { localMachine } from '../../../src/host/local.ts';
import type { Machine } from '../../../src/host/machine.ts';
import type { Netns } from '../../../src/model/netns.ts';
import type { Case } from './cases.ts';
import { serve } from './service.ts';
import { CONFIGURATION } from './snapshot.ts';

/** Must run under `unshare --mount`, and for the demo's network `--net`. `internet` is the name of a namespace. */
export async function stage(internet?: string): Promise<Machine> {
  const machine = localMachine();
  await hideRun(machine, internet);
  await shell(machine, undefined, OWN_FILES);
  if (internet) return machine;
  await buildNetwork(machine);
  // A bridge tells its carrier a moment after its ports are up.
  await new Promise((done) => setTimeout(done, 300));
  return machine;
}

/** Configuration in a copy of one's own: what others write there meanwhile is none of the recipe's work. */
const OWN_FILES = `for d in ${CONFIGURATION.join(' ')}; do
  [ -d $d ] && mkdir -p /run/own$d && cp -a $d/. /run/own$d && mount --bind /run/own$d $d
done; true`;

async function hideRun(machine: Machine, internet: string | undefined): Promise<void> {
  if (internet) {
    // The folder where namespaces have their names is hidden, and the internet gets a name in its place.
    await shell(
      machine,
      undefined,
      `f=$(mktemp -d) && mount -t tmpfs test $f && mkdir $f/netns && touch $f/netns/internet &&
       mount --bind /run/netns/${internet} $f/netns/internet && mount --rbind $f /run && umount -R $f && rmdir $f`,
    );
  } else await shell(machine, undefined, 'mount -t tmpfs test /run && mkdir /run/netns');
}

async function shell(machine: Machine, netns: Netns | undefined, line: string): Promise<string> {
  const command = { argv: ['sh', '-c', line] as const, ...(netns ? { in: netns } : {}) };
  const answer = await machine.run(command, { timeout: 20_000 });
  if (!answer.known || answer.value.code !== 0)
    throw new Error(`${line}: ${answer.known ? answer.value.stderr : answer.detail}`);
  return answer.value.stdout.trim();
}

/** The namespace of `red`, `docker:red`, or the host. */
export async function enter(machine: Machine, name: string): Promise<Netns | undefined> {
  if (name === 'host') return undefined;
  const [, container] = /^docker:(.+)$/.exec(name) ?? [];
  const inspect = `docker inspect --format '{{.State.Pid}}' ${container}`;
  const path = container ? `/proc/${await shell(machine, undefined, inspect)}/ns/net` : `/run/netns/${name}`;
  const netns = machine.netns(path);
  if (!netns.known) throw new Error(`${name}: ${netns.detail}`);
  return netns.value;
}

async function lines(machine: Machine, all: readonly string[] = []): Promise<void> {
  for (const line of all) {
    const [, place = '', words = ''] = /^([^ ]+): (.*)$/s.exec(line) ?? [];
    await shell(machine, await enter(machine, place), words);
  }
}

/** Prepares the case; ends what it started when the answer is called. */
export async function prepare(
  machine: Machine,
  { containers = {}, before, after, serve: service }: Case,
): Promise<() => Promise<void>> {
  const run = Object.entries(containers);
  for (const [name, words] of run)
    await shell(
      machine,
      undefined,
      `docker run -d --init=false --name ${name} ${words.join(' ')} busybox sleep 900`,
    );
  await lines(machine, before);
  const end = service ? await serve(machine, await enter(machine, service.in), service) : async () => {};
  return async () => {
    await end();
    await lines(machine, after);
    for (const [name] of run) await shell(machine, undefined, `docker rm -f ${name}`);
  };
}
