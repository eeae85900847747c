import { ipBatch } from './run.ts';

/** A host with one bridge and as many containers as asked for, each a namespace behind a veth. Names, the host's first. */
export async function buildCrowd(id: string, count: number): Promise<string[]> {
  const host = `${id}-host`;
  const guests = Array.from({ length: count }, (_, at) => `${id}-c${at}`);
  await ipBatch([`netns add ${host}`]);
  await ipBatch(['link add br0 type bridge', 'link set br0 up'], host);
  await guestsOn(host, 'br0', guests);
  return [host, ...guests];
}

/** Makes containers of these names, and hangs them onto a bridge of the host. */
export async function guestsOn(host: string, bridge: string, guests: readonly string[]): Promise<void> {
  await ipBatch(guests.map((name) => `netns add ${name}`));
  await ipBatch(
    guests.flatMap((name, at) => [
      `link add v${at} type veth peer name eth0 netns ${name}`,
      `link set v${at} master ${bridge} up`,
    ]),
    host,
  );
}
