import { once } from 'node:events';
import type { Lab } from './lab.ts';
import type { Place } from './names.ts';

/** What listens in each machine, as `serve` wants it told: kind, address, port. */
function services(place: Place, ipv6: boolean): string[] {
  const web = ['tcp', '0.0.0.0', '80'];
  const web6 = ipv6 ? ['tcp', '::', '80'] : [];
  return {
    host: ['tcp', '0.0.0.0', '9000', 'udp', '10.88.0.1', '53'],
    A: [...web, ...web6],
    B: [...web, 'udp', '0.0.0.0', '53', ...web6],
    C: web,
    LAN: [...web, 'udp', '198.51.100.53', '53', ...(ipv6 ? ['tcp', '2001:db8:f::1', '80'] : [])],
  }[place];
}

/** Starts the servers of one machine and waits until they listen. */
export async function startServers(lab: Lab, place: Place): Promise<void> {
  const server = lab.run(place, ['serve', ...services(place, lab.ipv6)], {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const ended = server.then(() => {
    throw new Error(`The servers of ${place} ended before they were ready.`);
  });
  // Once they are ready their end is no error: scenarios stop servers, and so does taking the lab down.
  ended.catch(() => {});
  await Promise.race([once(server.stdout, 'data'), ended]);
}
