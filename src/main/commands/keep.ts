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
    const { keepAll } = await import('../../repair/rollback.ts');
    const kept = await keepAll(await machine());
    if (options.json)
      screen.out(
        jsonText({ schema: 'netdoctor/keep/1', kept: kept.map(({ id, title }) => ({ id, title })) }),
      );
    else for (const { id, title } of kept) screen.out(`Kept: change ${id} (${plain(title)}).\n`);
    if (kept.length === 0 && !options.json) screen.err('No change waits to be kept.\n');
    return 0;
  },
});
