import { noProxyCovers, proxyFor } from '../kernel/proxy.ts';
import { cause } from '../model/cause.ts';
import { fromState } from '../words/telling.ts';

export default cause({
  id: 'proxy-environment',
  title: 'The program goes to an HTTP proxy instead of the peer',
  explain: `Programs obey http_proxy, https_proxy and all_proxy in their environment: they connect to the proxy and ask it for the
peer. A container inherits them from the image, from the runtime's configuration, or from a build. A proxy that is gone, or
that cannot reach containers' own names and addresses, breaks every request although the network between the two is fine.

Addresses listed in no_proxy are asked directly; many programs read neither CIDR ranges nor wildcards there.

By hand: \`tr '\\0' '\\n' < /proc/PID/environ | grep -i proxy\`.`,
  needs: ['process'],
  over: ['no-reply-from-destination', 'connection-refused'],
  examine(scene) {
    const { flow, process, symptom, target } = scene;
    if (flow.from !== 'container' || flow.proto !== 'tcp' || flow.port === null) return null;
    const proxy = proxyFor(process.proxies, flow);
    if (!proxy) return null;
    const source = ['grep', '-zi', 'proxy', `/proc/${target.pid ?? 'PID'}/environ`];
    const evidence = [fromState(`${proxy.variable}=${proxy.value}`, source)];
    if (proxy.isDestination) {
      if (symptom.kind === 'answered') return null;
      return {
        sure: 'supported',
        what: `${flow.address} is the proxy that ${proxy.variable} names, and it cannot be reached`,
        why: 'Programs in this container send their HTTP requests there instead of to the peer.',
        do: `Start the proxy, name the right one, or take ${proxy.variable} out of the container's environment.`,
        evidence,
      };
    }
    // The way to the peer works: what the program really does is what fails.
    if (symptom.kind !== 'answered' || noProxyCovers(process.proxies, flow)) return null;
    return {
      sure: 'supported',
      what: `programs in this container do not ask ${flow.to} but the proxy ${proxy.value}`,
      why: `${proxy.variable} is set and no_proxy does not cover ${flow.to}.`,
      do: `Add ${flow.address} to no_proxy, or take ${proxy.variable} out of the container's environment.`,
      evidence,
    };
  },
});
