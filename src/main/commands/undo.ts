import { Option } from 'commander';
import { wrongCall } from '../../model/failure.ts';
import { jsonText } from '../../output/json.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

export default command({
  name: 'undo',
  takes: '[change]',
  does: 'takes back what netdoctor has changed on this host',
  more: `CHANGE is a number of \`netdoctor log\`; without one, the newest change that stands is taken back. Where somebody
else has changed the same thing since, that is said and nothing is changed (exit code 1).`,
  examples: ['netdoctor undo', 'netdoctor undo 3', 'netdoctor undo --all'],
  options: [
    new Option('--all', 'everything that stands, the newest first'),
    new Option('--force', "takes back netdoctor's part even where somebody else has changed the same thing"),
    new Option('--read-only', 'refuses'),
    json(),
  ],
  // What has begun to be taken back is taken back whole.
  patience: 3000,
  async run({ words, options, screen, machine }) {
    const [id] = words;
    if (options.readOnly)
      throw wrongCall('read-only', '--read-only changes nothing.', 'Leave it out to undo.');
    if (options.all && id !== undefined)
      throw wrongCall(
        'conflicting-options',
        'One change is named, and all are asked for.',
        'netdoctor undo --all',
      );
    const [{ undoEntries, unreadableEntries }, { undoneLines, unreadableLine }] = await Promise.all([
      import('../../repair/undo-all.ts'),
      import('../../repair/words.ts'),
    ]);
    const here = await machine();
    const unreadable = id === undefined ? unreadableEntries(here) : [];
    const results = await undoEntries(here, {
      ...(id === undefined ? {} : { id }),
      all: options.all === true,
      force: options.force === true,
    });
    if (options.json)
      screen.out(
        jsonText({
          schema: 'netdoctor/undo/1',
          changes: results.map((result) => ({
            id: result.entry.id,
            title: result.entry.title,
            result: result.kind,
            because: 'because' in result ? result.because : null,
            drift: result.kind === 'drift' ? result.drifts : [],
          })),
          unreadable,
        }),
      );
    else for (const line of results.flatMap(undoneLines)) screen.out(`${line}\n`);
    if (!options.json) for (const one of unreadable) screen.err(`${unreadableLine(one)}\n`);
    if (results.length + unreadable.length === 0 && !options.json)
      screen.err('Nothing of netdoctor stands on this host.\n');
    if (unreadable.length > 0) return 1;
    return results.some(
      ({ kind }) => kind === 'drift' || kind === 'stuck' || (kind === 'foreign' && id !== undefined),
    )
      ? 1
      : 0;
  },
});
