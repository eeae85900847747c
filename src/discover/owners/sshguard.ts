import { owner } from '../owner.ts';

export default owner({
  name: 'sshguard',
  tables: /^sshguard$/,
  chains: /^sshguard$/,
  configuredAt: () => '/etc/sshguard.conf (its whitelist)',
});
