import { globalAddresses } from '../kernel/addresses.ts';
import { droppedBy, NO_FILTER } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import type { LookUp } from '../model/look-up.ts';
import { waitsBecauseOf } from '../resolver/story.ts';
import { digs, serverOf, withLibrary } from '../resolver/words.ts';
import { asksResolver } from '../wire/dns.ts';

export default cause({
  id: 'dns-server-unusable',
  title: 'A name server of resolv.conf cannot be used, and costs look-ups seconds or their answer',
  explain: `Not every server in resolv.conf can be reached from the container: an IPv6 address where the container has no IPv6, a
link-local address with the name of an interface that only the host has (fe80::1%eth0), or a server that is gone.

What that costs depends on the C library. glibc asks one server after the other: one that is silent costs five seconds in
every look-up (\`timeout\`) before the next is asked; one that cannot be sent to costs nothing. musl (Alpine) asks all of
them at once and takes the first answer. Where no other server answers, nothing resolves with either.

Runtimes copy such lines from the host's resolv.conf.

By hand: \`dig @SERVER example.com\` for each line of the container's resolv.conf, from its namespace.`,
  needs: ['lookUp'],
  explains: NO_FILTER,
  over: [
    'no-reply-from-destination',
    'dns-resolver-silent',
    'neighbour-absent',
    'neighbour-unanswered',
    'container-no-route',
    'container-no-address',
    'ipv6-disabled',
  ],
  examine(scene) {
    const { lookUp, flow, symptom } = scene;
    if (!asksResolver(flow) || flow.proto === 'tcp' || symptom.kind === 'answered') return null;
    const server = serverOf(lookUp, flow);
    if (server === undefined) return null;
    const put = lookUp.asked.filter((one) => one.server === server && one.transport === 'udp');
    if (put.length === 0 || put.some(({ reply }) => reply.kind === 'answer')) return null;
    const others = lookUp.asked.filter((one) => one.server !== server && one.reply.kind === 'answer');
    const slow = waitsBecauseOf(lookUp, server);
    const foreign = flow.family === 6 && !globalAddresses(scene.stacks.container, 6).length;
    const zone =
      server.includes('%') && put.some(({ reply }) => reply.kind === 'error' && reply.errno === 'EINVAL');
    const unfit = zone
      ? `its interface ${server.replace(/.*%/, '')} is not one of the container’s`
      : foreign
        ? 'it is an IPv6 address, and the container has none of its own'
        : undefined;
    // A server that is merely silent, alone or with all the others, has causes of its own.
    if (unfit === undefined && (others.length === 0 || slow.length === 0)) return null;
    // A rule that drops the questions is the better word for it.
    if (unfit === undefined && droppedBy(scene, /^NETFILTER_DROP$|^nft_do_chain|^ipt_do_table/) === true)
      return null;
    const seconds = Math.max(0, ...slow.map(({ waited }) => waited));
    const other = others[0]?.server ?? '';
    // It is asked behind a server that said something, and nothing that a library takes.
    const behind = lookUp.servers.indexOf(other) < lookUp.servers.indexOf(server);
    return {
      sure: 'proved',
      what: `the name server ${server} cannot be used${unfit === undefined ? ': it does not answer' : `: ${unfit}`}`,
      why:
        others.length === 0
          ? 'resolv.conf names no server that answers: nothing resolves.'
          : slow.length > 0
            ? `${withLibrary(lookUp, slow, 'waits')} ${seconds} s for it in every look-up ${behind ? `for which ${other}, asked before it, has no answer that counts` : `before ${other} is asked, which answers`}.`
            : `${other} answers.`,
      do: advice(lookUp, server),
      evidence: digs(scene, [put[0]!]),
    };
  },
});

const advice = (lookUp: LookUp, server: string): string =>
  lookUp.servers.length > 1
    ? `Take ${server} out of the container’s resolv.conf (the runtime’s --dns option, or the host’s own file that it copies), or bring that server back.`
    : 'Name a server that the container can reach: the runtime’s --dns option, or "dns" in its daemon’s configuration.';
