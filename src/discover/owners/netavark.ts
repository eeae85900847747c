import { owner } from '../owner.ts';

export default owner({
  name: 'netavark',
  tables: /^netavark$/,
  chains: /^(NETAVARK|netavark)([-_].+)?$/,
  comments: /^netavark /,
  advice: (rule) =>
    /isolation/i.test(rule.chain)
      ? "The network's option `isolate` keeps networks apart: make it with `--opt isolate=false`, or join both containers to one network."
      : null,
  rewrites: 'with `podman network reload --all`, and when a container of the network starts',
  configuredAt: () =>
    'the podman network (podman network inspect); podman network reload --all writes these rules again',
});
