import { owner } from '../owner.ts';

export default owner({
  name: 'crowdsec',
  tables: /^crowdsec6?$/,
  chains: /^(CROWDSEC|crowdsec)/,
  comments: /^CrowdSec/i,
  wrote: (rule) => rule.text.includes('--match-set crowdsec'),
  configuredAt: () => "CrowdSec's decisions (cscli decisions list; cscli decisions delete --ip ADDRESS)",
});
