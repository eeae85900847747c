/** The queues of interfaces by their kind: RTM_GETQDISC of rtnetlink(7), struct tcmsg of linux/rtnetlink.h. */
import type { QueueTold } from '../../kernel-told.ts';
import { attributes, exchange, NETLINK_ROUTE, textOf } from '../netlink.ts';
import type { Teller } from './teller.ts';

const RTM_GETQDISC = 38;
const TCMSG = 20;
const TCA_KIND = 1;

export const queues: Teller<'queues'> = {
  source: ['tc', 'qdisc', 'show'],
  protocol: NETLINK_ROUTE,
  tell(fd) {
    const found: QueueTold[] = [];
    const question = { type: RTM_GETQDISC, dump: true, body: Buffer.alloc(TCMSG) };
    const isTold = exchange(fd, question, (body) =>
      found.push({ ifindex: body.readInt32LE(4), kind: textOf(attributes(body, TCMSG).get(TCA_KIND)) }),
    );
    return isTold ? found : null;
  },
};
