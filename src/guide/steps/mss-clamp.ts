import { z } from 'zod';
import { checkRules, type IptablesRule, writeRules } from '../iptables.ts';
import { text } from '../text.ts';
import { verb } from '../verb.ts';

const params = z.object({ source: text, mss: text });

const rules = ({ source, mss }: z.infer<typeof params>): readonly IptablesRule[] =>
  ['-s', '-d'].map((side) => ({
    table: 'mangle',
    chain: 'FORWARD',
    at: 'last',
    rule: [side, source, '-p', 'tcp', '--tcp-flags', 'SYN,RST', 'SYN', '-j', 'TCPMSS', '--set-mss', mss],
  }));

export default verb({
  name: 'mss-clamp',
  does: 'makes TCP connections agree on smaller segments as they open',
  params,
  title: ({ source, mss }) => `Let TCP connections of ${source} use segments of ${mss} bytes`,
  check: (asked, world) => checkRules(rules(asked), world),
  apply: (asked, world) => writeRules(rules(asked), world),
});
