import { fault } from '../fault.ts';

export default fault({
  id: 'dns-resolver-silent',
  title: 'The resolver does not answer',
  lecture: `The name server's address is reachable and no name server runs there: its container has ended, or
resolv.conf still names the one of another network.`,
  alsoRight: ['connection-refused'],
  question: () => ({ to: '198.51.100.53', proto: 'dns' }),
  inject: () => [],
});
