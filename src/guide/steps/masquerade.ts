import { z } from 'zod';
import { checkRules, type IptablesRule, writeRules } from '../iptables.ts';
import { text } from '../text.ts';
import { verb } from '../verb.ts';

const params = z.object({ source: text, not_out: text.optional(), out: text.optional() });

const rule = ({ source, not_out, out }: z.infer<typeof params>): IptablesRule => ({
  table: 'nat',
  chain: 'POSTROUTING',
  at: 'last',
  rule: [
    '-s',
    source,
    ...(not_out === undefined ? [] : ['!', '-o', not_out]),
    ...(out === undefined ? [] : ['-o', out]),
    '-j',
    'MASQUERADE',
  ],
});

export default verb({
  name: 'masquerade',
  does: "gives packets on their way out the host's own address",
  params,
  title: ({ source }) => `Let ${source} leave with the host's own address`,
  check: (asked, world) => checkRules([rule(asked)], world),
  apply: (asked, world) => writeRules([rule(asked)], world),
});
