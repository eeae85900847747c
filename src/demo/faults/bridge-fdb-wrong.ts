import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-fdb-wrong',
  title: 'The bridge believes the neighbour to be elsewhere',
  lecture: `The bridge looks a MAC address up in its forwarding table and trusts what is written there. A static
entry that names the wrong port sends every frame for that address the wrong way.`,
  question: (net) => ({ to: `container:netns:${net.neighbour.name}` }),
  inject: (net) => [
    { argv: ['bridge', 'fdb', 'replace', net.neighbour.mac, 'dev', net.container.port, 'master', 'static'] },
  ],
});
