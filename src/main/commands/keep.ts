import { jsonText } from '../../output/json.ts';
import { plain } from '../../words/text.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

export default command({
  name: 'keep',
  does: 'keeps what --rollback-after would take back',
  examples: ['netdoctor keep'],
  options: [json()],
  async run({ options, screen, machine }) {
    const [{ keepAll }, { unreadableEntries }, { unreadableLine }] = await Promise.all([
      import('../../repair/rollback.ts'),
      import('../../repair/undo-all.ts'),
      import('../../repair/words.ts'),
    ]);
    const here = await machine();
    const unreadable = unreadableEntries(here);
    const kept = await keepAll(here);
    if (options.json)
      screen.out(
        jsonText({
          schema: 'netdoctor/keep/1',
          kept: kept.map(({ id, title }) => ({ id, title })),
          unreadable,
        }),
      );
    else for (const { id, title } of kept) screen.out(`Kept: change ${id} (${plain(title)}).\n`);
    if (!options.json) for (const one of unreadable) screen.err(`${unreadableLine(one)}\n`);
    if (kept.length + unreadable.length === 0 && !options.json) screen.err('No change waits to be kept.\n');
    return unreadable.length > 0 ? 1 : 0;
  },
});
