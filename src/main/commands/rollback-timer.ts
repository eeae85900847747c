import { command } from '../command.ts';

export default command({
  name: 'rollback-timer',
  takes: '<change> [due]',
  does: "waits for a change's time to be over, and takes it back unless it was kept",
  hidden: true,
  overdue: 'unasked',
  options: [],
  async run({ words, machine }) {
    const { rollbackTimer } = await import('../../repair/rollback.ts');
    // The terminal that started it may go at any time.
    process.on('SIGHUP', () => {});
    return (await rollbackTimer(await machine(), words[0] ?? '', words[1] === 'due')) === 'stuck' ? 1 : 0;
  },
});
