/** IPsec policies of a namespace, as many as there are: linux/xfrm.h. */
import { exchange } from '../netlink.ts';
import type { Teller } from './teller.ts';

const NETLINK_XFRM = 6;
const XFRM_MSG_GETPOLICY = 0x15;
/** Size of struct xfrm_userpolicy_id. */
const ID = 64;

export const policies: Teller<'policies'> = {
  source: ['ip', 'xfrm', 'policy', 'count'],
  protocol: NETLINK_XFRM,
  tell(fd) {
    let count = 0;
    const question = { type: XFRM_MSG_GETPOLICY, dump: true, body: Buffer.alloc(ID) };
    return exchange(fd, question, () => count++) ? count : null;
  },
};
