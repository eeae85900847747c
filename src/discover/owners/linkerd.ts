import { owner } from '../owner.ts';

export default owner({
  name: 'linkerd',
  chains: /^PROXY_INIT_/,
  advice: () =>
    '`config.linkerd.io/skip-outbound-ports` and `skip-inbound-ports`, annotations of the pod, leave a port out.',
  rewrites: 'when a pod is made',
  configuredAt: () => 'Linkerd (the config.linkerd.io annotations of the pod)',
});
