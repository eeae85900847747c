import { command, type FixWish, type Outcome, READ_ONLY, wrong } from '../command.ts';
import type { Word } from '../parse.ts';
import { withCase } from '../the-case.ts';

const PERSIST = '--persist';
const ROLLBACK = '--rollback-after';
/** Seconds; as on the command line. */
const DAY = 86_400;

/** The words after the command, or what is wrong with them; `fix` is null where no number is given. */
function readWords(
  words: readonly Word[],
): (Omit<FixWish, 'fix'> & { fix: Word | null; place: number }) | Outcome {
  let persist = false;
  let rollbackAfter: number | null = null;
  let fix: Word | null = null;
  let place = -1;
  for (let index = 1; index < words.length; index += 1) {
    const { text } = words[index]!;
    if (text === PERSIST) persist = true;
    else if (text === ROLLBACK || text.startsWith(`${ROLLBACK}=`)) {
      const value = text === ROLLBACK ? words[++index]?.text : text.slice(ROLLBACK.length + 1);
      rollbackAfter = Number(value);
      if (!/^\d+(\.\d+)?$/.test(value ?? '') || rollbackAfter < 1 || rollbackAfter > DAY)
        return wrong(
          Math.min(index, words.length - 1),
          `${ROLLBACK} takes a number of seconds from 1 to ${DAY}.`,
          `Type: fix 1 ${ROLLBACK} 60`,
        );
    } else if (fix === null && /^\d+(\.\d+)*$/.test(text)) [fix, place] = [words[index]!, index];
    else
      return wrong(index, `"${text}" is no number of a fix, nor ${PERSIST} or ${ROLLBACK}.`, 'Type: fix 1');
  }
  return { persist, rollbackAfter, fix, place };
}

export default command({
  name: 'fix',
  usage: `[number] [${PERSIST}] [${ROLLBACK} S]`,
  group: 'case',
  does: 'makes a fix after asking, and proves that it helped',
  more: 'The commands are shown first. The same question is asked again afterwards, and what does not help is taken back. `--persist` makes it outlast a reboot; `--rollback-after 60` takes it back after 60 seconds unless you type `keep`.',
  slots(done) {
    if (done.at(-1) === ROLLBACK) return [{ words: ['60'] }];
    const left = [PERSIST, ROLLBACK].filter((word) => !done.includes(word));
    return [{ words: [...(done.length === 0 ? ['1'] : []), ...left] }];
  },
  run(words, desk) {
    return withCase(desk, ({ diagnosis }) => {
      if (desk.defaults.readOnly) {
        return wrong(-1, READ_ONLY, 'Start it again without, or copy the commands: copy 1');
      }
      const read = readWords(words);
      if ('type' in read) return read;
      const { fix, place, ...how } = read;
      const fixes = diagnosis.findings.flatMap((finding) => finding.fixes);
      if (fixes.length === 0) return wrong(-1, 'The last verdict has no fix to make.', 'Type: explain');
      const chosen = fix?.text ?? fixes[0]!.id;
      if (!fixes.some(({ id }) => id === chosen)) {
        return wrong(
          place,
          `There is no fix ${chosen}.`,
          `There are: ${fixes.map(({ id }) => id).join(', ')}`,
        );
      }
      return { type: 'fix', fix: chosen, ...how };
    });
  },
});
