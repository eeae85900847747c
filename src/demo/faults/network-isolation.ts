import { fault } from '../fault.ts';

export default fault({
  id: 'network-isolation',
  title: 'Two networks, kept apart on purpose',
  lecture: `Docker keeps its networks apart: the isolation chains drop what goes from one bridge to another. Attach
one of the two containers to the other's network.`,
  alsoRight: ['firewall-rule-drop'],
  question: (net) => ({ to: `container:netns:${net.stranger.name}` }),
  inject: () => [],
});
