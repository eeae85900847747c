import { LINK } from '../pcapng/content.ts';

/** Link types as captures name them, and as files number them. */
export const LINKS: Readonly<Record<string, number>> = {
  ETHERNET: LINK.ethernet,
  RAW: LINK.raw,
  NULL: LINK.null,
  LINKTYPE_LINUX_SLL: LINK.cooked,
};
