import { command, wrong } from '../command.ts';
import { withCase } from '../the-case.ts';

const PERSIST = '--persist';

export default command({
  name: 'fix',
  usage: '[number] [--persist]',
  does: 'makes a fix after asking, asks the same question again, and takes back what does not help',
  slots: (done) => [
    { words: [...(done.length === 0 ? ['1'] : []), ...(done.includes(PERSIST) ? [] : [PERSIST])] },
  ],
  run(words, desk) {
    return withCase(desk, ({ diagnosis }) => {
      if (desk.readOnly) {
        return wrong(
          -1,
          'This conversation was started with --read-only.',
          'Start it again without, or copy the commands: copy 1',
        );
      }
      const stray = words.findIndex(
        ({ text }, index) => index > 0 && text !== PERSIST && !/^\d+(\.\d+)*$/.test(text),
      );
      if (stray > 0)
        return wrong(stray, `"${words[stray]!.text}" is neither a number nor ${PERSIST}.`, 'Type: fix 1');
      const persist = words.some(({ text }) => text === PERSIST);
      const number = words.slice(1).find(({ text }) => text !== PERSIST)?.text;
      const fixes = diagnosis.findings.flatMap((finding) => finding.fixes);
      if (fixes.length === 0) return wrong(-1, 'The last verdict has no fix to make.', 'Type: explain');
      const chosen = number ?? fixes[0]!.id;
      if (!fixes.some(({ id }) => id === chosen)) {
        const place = words.findIndex(({ text }) => text === number);
        return wrong(
          place,
          `There is no fix ${number}.`,
          `There are: ${fixes.map(({ id }) => id).join(', ')}`,
        );
      }
      return { type: 'fix', fix: chosen, persist };
    });
  },
});
