import { pathLines, titleLine } from '../../output/picture/path.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

export default command({
  name: 'path',
  usage: '',
  does: 'draws the path again',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ run }) =>
      say([titleLine(run, desk.columns, desk.glyphs), [], ...pathLines(run, desk.columns, desk.glyphs), []]),
    ),
});
