import { type Claim, cause } from '../model/cause.ts';
import { asksResolver } from '../wire/dns.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** To a program that may not read it, the file is as good as missing: resolv_conf.c takes EACCES for ENOENT, and so does musl. */
const unreadable = (file: string, denied: string): Claim => ({
  sure: 'proved',
  what: `the container’s own program cannot read ${file}: ${denied}`,
  why: 'Without it every look-up fails before a packet is sent; root, and so most tools, read it all the same.',
  do: `Let everybody read it (chmod 644 on the host’s copy, 755 on a folder above it), and mend the umask of whoever wrote it, or run the program as a user who may.`,
  evidence: [fromState(`${file}: ${denied}`, ['stat', file])],
});

export default cause({
  id: 'dns-config-missing',
  title: 'No usable name server is configured',
  explain: `The container's resolv.conf names no server at all: it is missing, empty, a dangling link, or holds only comments. The C
library then asks 127.0.0.1, where nobody listens. So it is where the container's user may not read the file: it looks whole to
root, and to nobody else.

Runtimes copy the host's file when a container is made. When that one is missing or names only loopback servers, older
versions of Docker fell back to public resolvers; Docker 28 does not.

By hand: \`cat /etc/resolv.conf\` in the container and on the host, and \`ls -l /etc/resolv.conf\` for a dangling link.`,
  needs: ['resolver'],
  over: ['dns-resolver-loopback', 'dns-resolver-silent', 'connection-refused', 'container-no-route'],
  examine(scene) {
    const { flow, symptom } = scene;
    if (flow.from !== 'container' || symptom.kind === 'answered' || !asksResolver(flow)) return null;
    const { resolver } = scene;
    if (resolver.nameservers.length > 0) return null;
    // A server that was named on the command line fails for reasons of its own.
    if (flow.to !== '' && flow.to === flow.address && !/^(127\.0\.0\.1|::1)$/.test(flow.address)) return null;
    if (resolver.denied !== undefined) return unreadable(resolver.file, resolver.denied);
    return {
      sure: 'proved',
      what: `${resolver.file} names no name server`,
      why: 'Without one every look-up fails before a packet is sent.',
      do: 'Name a server for the container (the runtime\u2019s --dns option, or "dns" in its daemon\u2019s configuration), and mend the host\u2019s own resolv.conf.',
      evidence: [
        fromState(
          resolver.ignored?.length
            ? `${resolver.file} names ${list(resolver.ignored)} as name server, which is no address: the C library passes over it`
            : `${resolver.file} has no nameserver line`,
          ['cat', resolver.file],
        ),
      ],
    };
  },
});
