import { known } from '../../model/answer.ts';
import { runtime } from '../runtime.ts';
import containerd from './containerd.ts';

/** The name people type for what nerdctl made; `containerd` lists it, and answers for it. */
export default runtime({
  name: 'nerdctl',
  bare: false,
  find: (machine, name) => containerd.find(machine, name),
  list: async () => known([], []),
});
