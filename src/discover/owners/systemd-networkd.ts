import { owner } from '../owner.ts';

export default owner({
  name: 'systemd-networkd',
  tables: /^io\.systemd\.nat$/,
  configuredAt: () => 'the .network or .nspawn file (IPMasquerade=, Port=; networkctl status)',
});
