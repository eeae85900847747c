import { ipBatch } from './run.ts';

/** A host with one bridge and as many containers as asked for, each a namespace behind a veth. Names, the host's first. */
export async function buildCrowd(id: string, count: number): Promise<string[]> {
  const host = `${id}-host`;
  const guests = Array.from({ length: count }, (_, at) => `${id}-c${at}`);
  await ipBatch([host, ...guests].map((name) => `netns add ${name}`));
  await ipBatch(
    [
      'link add br0 type bridge',
      'link set br0 up',
      ...guests.flatMap((name, at) => [
        `link add v${at} type veth peer name eth0 netns ${name}`,
        `link set v${at} master br0 up`,
      ]),
    ],
    host,
  );
  return [host, ...guests];
}
