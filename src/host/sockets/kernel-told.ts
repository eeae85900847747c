/** What is asked of the kernel in the place of a program, by its name. */
import { type Answer, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { KernelTold } from '../kernel-told.ts';
import { withNetlink } from './netlink.ts';
import { chains, handles } from './told/chains.ts';
import { forwarding } from './told/forwarding.ts';
import { listeners } from './told/listeners.ts';
import { pathMtu } from './told/path-mtu.ts';
import { policies } from './told/policies.ts';
import { queues } from './told/queues.ts';
import type { Teller } from './told/teller.ts';
import { tracked } from './told/tracked.ts';

const tellers: { readonly [W in keyof KernelTold]: Teller<W> } = {
  chains,
  handles,
  tracked,
  listeners,
  pathMtu,
  policies,
  forwarding,
  queues,
};

/** Not known where the kernel has no such part, does not let this process ask, or tells more than would be read at a time. */
export function kernelTells<W extends keyof KernelTold>(
  what: W,
  where: Netns | null,
  asked: KernelTold[W]['asked'],
): Answer<KernelTold[W]['told']> {
  const { source, protocol, tell } = tellers[what];
  const answer = withNetlink(where, source, (fd) => tell(fd, asked), protocol);
  if (!answer.known) return answer;
  return answer.value === null
    ? notKnown('unsupported', 'the kernel does not tell it', source)
    : { ...answer, value: answer.value };
}
