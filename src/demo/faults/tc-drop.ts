import { fault } from '../fault.ts';

export default fault({
  id: 'tc-drop',
  title: 'A classifier on the veth drops it',
  lecture: `Traffic control sees packets before any firewall does. Network plugins attach programs there, and one
that stays behind drops what it no longer knows.`,
  inject: (net) => [
    { argv: ['tc', 'qdisc', 'add', 'dev', net.container.port, 'clsact'] },
    // One instruction of classic BPF: return TC_ACT_SHOT.
    {
      argv: [
        ...(['tc', 'filter', 'add', 'dev', net.container.port, 'ingress', 'protocol', 'ip'] as const),
        ...['bpf', 'da', 'bytecode', '1,6 0 0 2'],
      ],
    },
  ],
});
