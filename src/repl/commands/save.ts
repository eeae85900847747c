import type { Diagnosis } from '../../model/diagnosis.ts';
import { jsonText } from '../../output/json.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { markdownOf } from '../../output/markdown.ts';
import { redactor } from '../../output/redact.ts';
import type { Run } from '../../output/run.ts';
import { plain } from '../../words/text.ts';
import { command, say, wrong } from '../command.ts';
import { withCase } from '../the-case.ts';

const KINDS = /\.(md|json)$/;

export default command({
  name: 'save',
  usage: 'FILE.md|FILE.json [--redact]',
  group: 'case',
  does: 'writes the last diagnosis into a file, for a ticket',
  more: '`--redact` replaces names and addresses.',
  slots: (done) =>
    done.length === 0 ? [{ words: ['report.md', 'report.json'] }] : [{ words: ['--redact'] }],
  run(words, desk) {
    return withCase(desk, ({ run, diagnosis }) => {
      const place = words.findIndex(({ text }, index) => index > 0 && text !== '--redact');
      const file = words[place]?.text;
      if (file === undefined) return wrong(-1, 'Into which file?', 'Type: save report.md');
      const kind = KINDS.exec(file)?.[1];
      if (kind === undefined)
        return wrong(place, 'The name tells the form: .md or .json.', `Type: save ${file}.md`);
      const redact = words.some(({ text }) => text === '--redact') || desk.settings.redact === 'on';
      const shown = redact ? redacted(diagnosis, run) : diagnosis;
      const text = kind === 'json' ? jsonText(shown) : markdownOf(shown, desk.around.versions());
      const failed = desk.around.save(file, text);
      if (failed !== null) return wrong(place, `It could not be written: ${failed}.`, 'Name another file.');
      const how = redact ? ', names and addresses replaced' : '';
      return say(paragraph('', `Written to ${plain(file)}${how}.`, desk.columns, 'dim'));
    });
  },
});

/** The names to replace are learned from what was told before the verdict. */
function redacted(diagnosis: Diagnosis, { target, flow }: Run): Diagnosis {
  const redact = redactor();
  if (target !== null) redact({ type: 'target', target });
  if (flow !== null) redact({ type: 'flow', flow });
  return redact({ type: 'diagnosis', diagnosis } as const).diagnosis;
}
