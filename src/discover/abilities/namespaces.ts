import { mapAnswer } from '../../model/answer.ts';
import { AS_ROOT, ability } from '../ability.ts';

export default ability({
  name: 'namespaces',
  does: 'enters the network namespaces of containers',
  // setns(2) asks for the same rights where it leads back to where one is.
  attempt: (machine) => mapAnswer(machine.list('/proc/net', machine.self), () => 'setns'),
  get: () => AS_ROOT,
});
