/** Links as the kernel tells them: all, those with one master, one by itself. rtnetlink(7) */
import { execFileSync } from 'node:child_process';
import { cannotLook } from '../../../model/failure.ts';
import { ownPath } from '../../run.ts';
import { number } from '../attribute.ts';
import { exchange, headAbout, RTM_GETLINK, refusedOf } from '../netlink.ts';
import { type Entry, Unworded } from './entry.ts';
import { type LinkTold, linkFrom } from './link.ts';

/** Linux 4.4, as iproute2 asks. */
const [IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS] = [29, 8];
/** That have none: Linux 5.16, rtnl_dump_ifinfo(). An older one finds no link whose master has this index. */
const [IFLA_MASTER, NO_MASTER] = [10, -1];
/** Nothing else is done until all is read: of more, a program is asked. */
export const MOST = 20_000;

/** What each answer of a dump comes to, null left out. @throws Unworded where the kernel refuses, or there is too much */
export function dump<T>(fd: number, type: number, body: Buffer, decode: (body: Buffer) => T | null): T[] {
  const all: T[] = [];
  let seen = 0;
  const refusal = refusedOf(fd, { type, dump: true, body }, (answer) => {
    if (++seen > MOST) throw new Unworded('so large a network');
    const one = decode(answer);
    if (one !== null) all.push(one);
  });
  if (refusal) throw new Unworded('a part of the network');
  return all;
}

/** Counters of each link take the kernel longer to add up than all else that it tells of one: nobody reads them here. */
export const withoutCounters = (ifindex = 0): Buffer =>
  Buffer.concat([headAbout(ifindex), number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)]);

/** What asks for the ports of this link alone. */
export const withMaster = (master: number): Buffer =>
  Buffer.concat([withoutCounters(), number(IFLA_MASTER, master)]);

/** None on an older kernel. @throws Unworded */
export const portsOfNone = (fd: number): LinkTold[] => dump(fd, RTM_GETLINK, withMaster(NO_MASTER), linkFrom);

export function linkAt(fd: number, ifindex: number): LinkTold | null {
  const body = withoutCounters(ifindex);
  let link: LinkTold | null = null;
  exchange(fd, { type: RTM_GETLINK, dump: false, body }, (answer) => {
    link = linkFrom(answer);
  });
  return link;
}

/** Where one of them has no words here: while something is judged nothing can be waited for. @throws Failure */
export function linksByIp(): readonly Entry[] {
  const argv = ['-j', '-d', 'address', 'show'] as const;
  try {
    return JSON.parse(
      execFileSync('ip', argv, {
        encoding: 'utf8',
        env: { ...process.env, PATH: ownPath() },
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 28,
        timeout: 10_000,
      }),
    );
  } catch (error) {
    throw cannotLook(
      'unreadable',
      `The links of the host could not be read: ${String((error as Error).message).split('\n')[0]}.`,
      `ip ${argv.join(' ')}`,
    );
  }
}
