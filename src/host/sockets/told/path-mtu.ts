/** The path MTU that a namespace keeps of one destination: rtnetlink(7), FIB exceptions of net/ipv4/route.c and net/ipv6/route.c. */
import ipaddr from 'ipaddr.js';
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { attribute } from '../attribute.ts';
import { attributes, exchange, NETLINK_ROUTE } from '../netlink.ts';
import { RTA, RTMSG } from '../network/route.ts';
import type { Teller } from './teller.ts';

const RTM_GETROUTE = 26;
/** RTA_METRICS, RTA_CACHEINFO, and RTAX_MTU within the first. */
const [METRICS, CACHE, MTU] = [8, 12, 2];
/** Where struct rta_cacheinfo has what is left of its time, in hundredths of a second (USER_HZ). */
const EXPIRES = 8;
const HUNDREDTHS = 100;

/** What was learned ends by itself, and a route of a table has no such end: rt_fill_info(), rt6_fill_node(). */
export const pathMtu: Teller<'pathMtu'> = {
  source: ['ip', 'route', 'get'],
  protocol: NETLINK_ROUTE,
  tell(fd, { to }) {
    if (!ipaddr.isValid(to)) return null;
    const bytes = Buffer.from(ipaddr.parse(to).toByteArray());
    const head = Buffer.alloc(RTMSG);
    head[0] = bytes.length === 16 ? AF_INET6 : AF_INET;
    head[1] = bytes.length * 8;
    const body = Buffer.concat([head, attribute(RTA.destination, bytes)]);
    let bytesKept: number | undefined;
    let left = 0;
    const told = exchange(fd, { type: RTM_GETROUTE, dump: false, body }, (answer) => {
      const about = attributes(answer, RTMSG);
      const metrics = about.get(METRICS);
      bytesKept = metrics && attributes(metrics).get(MTU)?.readUInt32LE(0);
      left = about.get(CACHE)?.readInt32LE(EXPIRES) ?? 0;
    });
    if (!told) return null;
    return { mtu: left > 0 ? (bytesKept ?? null) : null, seconds: Math.ceil(left / HUNDREDTHS) };
  },
};
