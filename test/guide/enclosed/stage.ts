/** The demo's network in namespaces of this program's own, changed as a case wants it. */
import { buildNetwork } from '../../../src/demo/build.ts';
import { localMachine } from '../../../src/host/local.ts';
import type { Machine } from '../../../src/host/machine.ts';
import type { Case } from './cases.ts';

/** Must run under `unshare --mount --net`. */
export async function stage(): Promise<Machine> {
  const machine = localMachine();
  await must(machine, 'host', ['mount', '-t', 'tmpfs', 'test', '/run']);
  machine.makeDirectory('/run/netns');
  await buildNetwork(machine);
  // A bridge tells its carrier a moment after its ports are up.
  await new Promise((done) => setTimeout(done, 300));
  return machine;
}

async function must(machine: Machine, name: string, argv: readonly string[]): Promise<void> {
  const netns = name === 'host' ? undefined : machine.netns(`/run/netns/${name}`);
  const command = { argv: argv as [string, ...string[]], ...(netns?.known ? { in: netns.value } : {}) };
  const answer = await machine.run(command);
  if (!answer.known || answer.value.code !== 0)
    throw new Error(`${argv.join(' ')}: ${answer.known ? answer.value.stderr : answer.detail}`);
}

/** Prepares the case; ends what it started when the answer is called. */
export async function prepare(machine: Machine, { before = [], serve }: Case): Promise<() => Promise<void>> {
  for (const line of before) {
    const [place = '', ...words] = line.split(' ');
    await must(machine, place.slice(0, -1), words);
  }
  if (!serve) return async () => {};
  const netns = machine.netns(`/run/netns/${serve.in}`);
  const script = `require('net').createServer((s) => s.end('hello')).listen(${serve.port}, () => console.log('ready'))`;
  let ready = (): void => {};
  const listening = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const server = machine.start(
    { argv: [process.execPath, '-e', script], ...(netns.known ? { in: netns.value } : {}) },
    () => ready(),
  );
  await listening;
  return () => server.stop();
}
