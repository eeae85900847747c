import { command } from '../command.ts';

export default command({
  name: 'quit',
  usage: '',
  does: 'leaves netdoctor',
  slots: () => [],
  run: () => ({ type: 'leave' }),
});
