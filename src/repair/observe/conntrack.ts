/** `conntrack -D …`: entries that are forgotten. They are no configuration: others come by themselves, none is compared. */
import { known } from '../../model/answer.ts';
import type { Observe } from '../subject.ts';

export default ((argv) =>
  argv[0] === 'conntrack' && argv.includes('-D')
    ? { what: 'connection-tracking entries', read: async () => known({}, argv) }
    : null) satisfies Observe as Observe;
