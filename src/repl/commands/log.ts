import { row } from '../../output/line/span.ts';
import { shellLine } from '../../words/text.ts';
import { command, say } from '../command.ts';

export default command({
  name: 'log',
  usage: '',
  group: 'netdoctor',
  does: 'lists every command netdoctor has run, ready to be copied',
  slots: () => [],
  run(_, { around }) {
    const ran = around.commandsRun();
    return say(
      ran.length > 0 ? ran.map((argv) => row(shellLine(argv))) : [row('No command was run yet.', 'dim')],
    );
  },
});
