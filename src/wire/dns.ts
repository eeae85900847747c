/** Questions to resolvers. */
import type { Flow } from '../model/flow.ts';

/** Where Docker's embedded resolver listens inside a container of a user-defined network. */
export const EMBEDDED = '127.0.0.11';

/** Is this a question to a name server: by its kind, or by its port? */
export const asksResolver = (flow: Flow): boolean =>
  flow.proto === 'dns' || (flow.proto !== 'icmp' && flow.port === 53);

export const resolverAddress = (flow: Flow): string =>
  `${flow.address}${flow.port === null || flow.port === 53 ? '' : ` port ${flow.port}`}`;
