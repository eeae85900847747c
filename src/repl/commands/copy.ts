import { changeLines } from '../../output/picture/change.ts';
import { command, wrong } from '../command.ts';
import { withCase } from '../the-case.ts';

export default command({
  name: 'copy',
  usage: '[number]',
  group: 'case',
  does: 'puts the commands of a fix on the clipboard, also over ssh',
  slots: () => [{ words: ['1'] }],
  run([, word], desk) {
    return withCase(desk, ({ diagnosis }) => {
      const fixes = diagnosis.findings.flatMap((finding) => finding.fixes);
      if (fixes.length === 0) return wrong(-1, 'The last verdict has no fix to copy.', 'Type: explain');
      const fix = word ? fixes.find(({ id }) => id === word.text) : fixes[0];
      if (!fix) {
        return wrong(
          1,
          `There is no fix ${word!.text}.`,
          `There are: ${fixes.map(({ id }) => id).join(', ')}`,
        );
      }
      const text = fix.apply.flatMap(changeLines).join('\n');
      return { type: 'copy', text, what: text.split('\n').join('; ') };
    });
  },
});
