import { command } from '../command.ts';

export default command({
  name: 'quit',
  usage: '',
  group: 'netdoctor',
  does: 'leaves netdoctor',
  slots: () => [],
  run: () => ({ type: 'leave' }),
});
