import { owner } from '../owner.ts';

export default owner({
  name: 'istio',
  chains: /^ISTIO_/,
  advice: () =>
    '`traffic.sidecar.istio.io/excludeOutboundPorts` and `excludeInboundPorts`, annotations of the pod, leave a port out.',
  rewrites: 'when a pod is made',
  configuredAt: () => 'Istio (sidecar injection and traffic.sidecar.istio.io annotations of the pod)',
});
