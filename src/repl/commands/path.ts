import { titleLine } from '../../output/picture/path.ts';
import { pathBeside } from '../../output/picture/path-beside.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

export default command({
  name: 'path',
  usage: '',
  group: 'case',
  does: 'draws the path again',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ run }) =>
      say([titleLine(run, desk.columns, desk.glyphs), [], ...pathBeside(run, desk.columns, desk.glyphs)]),
    ),
});
