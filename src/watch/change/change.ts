/** Something that was one way and is another now, while a watch went on. */
import type { Where } from '../../model/path.ts';

export type Kind =
  | 'container'
  | 'link'
  | 'address'
  | 'route'
  | 'rule'
  | 'neighbour'
  | 'firewall'
  | 'setting'
  | 'queueing';

export interface Change {
  readonly kind: Kind;
  readonly where: Where;
  /** Nanoseconds since 1970: when the kernel told of it, or when it was seen by comparing. */
  readonly at: bigint;
  /** Did the kernel tell of it at once? What is compared is seen a little later. */
  readonly exact: boolean;
  readonly what: string;
  /** Null: it was not there. */
  readonly before: string | null;
  /** Null: it is there no more. */
  readonly after: string | null;
  /** Does it concern what the way goes by, and not another interface of the same host? */
  readonly near: boolean;
}
