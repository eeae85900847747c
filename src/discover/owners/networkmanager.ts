import { owner } from '../owner.ts';

export default owner({
  name: 'networkmanager',
  tables: /^nm-/,
  chains: /^nm-sh-/,
  comments: /^nm-shared-/,
  configuredAt: () => 'the shared connection of NetworkManager (nmcli connection show)',
});
