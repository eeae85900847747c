import { fault } from '../fault.ts';

export default fault({
  id: 'connection-refused',
  title: 'Nobody listens on that port',
  lecture: `The destination answered at once, and the answer is no: nobody listens there. The network is innocent.`,
  question: (net) => ({ to: `${net.internet.address}:81` }),
  inject: () => [],
});
