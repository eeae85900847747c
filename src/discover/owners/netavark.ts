import { owner } from '../owner.ts';

export default owner({
  name: 'netavark',
  tables: /^netavark$/,
  chains: /^(NETAVARK|netavark)([-_].+)?$/,
  comments: /^netavark /,
  configuredAt: () =>
    'the podman network (podman network inspect); podman network reload --all writes these rules again',
});
