import { fault } from '../fault.ts';

export default fault({
  id: 'container-no-interface',
  title: 'The container has no interface but lo',
  lecture: `A container started with \`--network none\`, or one whose veth pair was deleted under it: deleting one
end deletes both. Only lo is left.`,
  inject: (net) => [{ argv: ['ip', 'link', 'del', 'dev', net.container.port] }],
});
