import { owner } from '../owner.ts';

export default owner({
  name: 'fail2ban',
  tables: /^f2b-table$/,
  chains: /^(f2b|fail2ban)-/,
  wrote: (rule) => rule.text.includes('--match-set f2b-'),
  advice(rule) {
    const jail = /^(?:f2b|fail2ban)-(.+)$/.exec(rule.chain)?.[1] ?? 'JAIL';
    return `Lift the ban: \`fail2ban-client set ${jail} unbanip ADDRESS\`; \`ignoreip\` of the jail keeps it from coming back.`;
  },
  rewrites: 'when it starts, with every ban that has not run out',
  configuredAt(rule) {
    const jail = /^(?:f2b|fail2ban)-(.+)$/.exec(rule.chain)?.[1] ?? /f2b-([\w-]+)/.exec(rule.text)?.[1];
    return jail && rule.chain !== 'f2b-chain'
      ? `fail2ban's jail ${jail} (fail2ban-client status ${jail})`
      : 'fail2ban (fail2ban-client status; fail2ban-client unban ADDRESS)';
  },
});
