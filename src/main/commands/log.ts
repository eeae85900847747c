import { jsonText } from '../../output/json.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

export default command({
  name: 'log',
  does: 'lists what netdoctor has changed on this host, and what of it stands',
  more: 'The newest comes last. Each change has a number, which `netdoctor undo` takes.',
  examples: ['netdoctor log', 'netdoctor log --json'],
  options: [json()],
  async run({ options, screen, machine }) {
    const [{ Journal }, { identity }, { entryLines, unreadableLine }] = await Promise.all([
      import('../../repair/journal/journal.ts'),
      import('../../repair/journal/place.ts'),
      import('../../repair/words.ts'),
    ]);
    const here = await machine();
    const { entries, unreadable } = new Journal(here).list();
    if (options.json) {
      screen.out(jsonText({ schema: 'netdoctor/log/1', entries, unreadable }));
      return 0;
    }
    const lines = entries.flatMap((entry) => entryLines(entry, identity(here)));
    for (const line of lines) screen.out(`${line}\n`);
    if (lines.length + unreadable.length === 0) screen.err('netdoctor has changed nothing on this host.\n');
    for (const one of unreadable) screen.err(`${unreadableLine(one)}\n`);
    return 0;
  },
});
