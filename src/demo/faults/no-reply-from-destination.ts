import { fault } from '../fault.ts';

export default fault({
  id: 'no-reply-from-destination',
  title: 'The destination keeps silent',
  lecture: `Everything on this host is right: the packets left by the uplink with the host's address, and nothing
came back. The host itself gets no answer either.`,
  inject: (net) => [{ argv: ['sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1'], in: net.internet.netns }],
});
