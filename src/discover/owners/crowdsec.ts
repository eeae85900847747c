import { owner } from '../owner.ts';

export default owner({
  name: 'crowdsec',
  tables: /^crowdsec6?$/,
  chains: /^(CROWDSEC|crowdsec)/,
  comments: /^CrowdSec/i,
  wrote: (rule) => rule.text.includes('--match-set crowdsec'),
  advice: () =>
    'Lift the decision: `cscli decisions delete --ip ADDRESS`; an allowlist keeps it from coming back.',
  rewrites: "with the bouncer's next pull, every few seconds",
  configuredAt: () => "CrowdSec's decisions (cscli decisions list; cscli decisions delete --ip ADDRESS)",
});
