import { row, span } from '../../output/line/span.ts';
import { cell, widthOf } from '../../output/line/width.ts';
import { paragraph, wrapText } from '../../output/line/wrap.ts';
import { nearest } from '../../words/nearest.ts';
import { command, say, wrong } from '../command.ts';
import { settingNamed, settings } from '../settings.ts';

const names = settings.map(({ name }) => name);
/** Below this what a setting is stands under its name. */
const NARROW = 60;
/** Cells for a value. */
const VALUE = 8;
const WIDEST = Math.max(...names.map(widthOf));

export default command({
  name: 'set',
  usage: '[key value]',
  group: 'netdoctor',
  does: 'changes a setting of this conversation; alone shows them',
  slots(done) {
    if (done.length === 0) return ['setting'];
    const found = settingNamed(done[0]!);
    return done.length === 1 && found ? [{ words: found.values }] : [];
  },
  run([, key, value], { settings: now, defaults, columns }) {
    if (!key) {
      return say(
        settings.flatMap(({ name, does, usual }) => {
          const key = span(`  ${cell(name, WIDEST)}  `);
          const is = span(cell(now[name] ?? usual(defaults), VALUE), now[name] ? 'strong' : 'plain');
          const indent = ' '.repeat(widthOf(key.text) + VALUE);
          // What it is stands below, where it would be a narrow column.
          if (columns < NARROW) return [[key, is], ...paragraph('    ', does, columns, 'dim')];
          const [first, ...rest] = wrapText(does, columns - indent.length);
          return [[key, is, span(first!, 'dim')], ...rest.map((text) => row(indent + text, 'dim'))];
        }),
      );
    }
    const found = settingNamed(key.text);
    if (!found) {
      const meant = nearest(key.text, names);
      return wrong(
        1,
        `There is no setting "${key.text}".`,
        meant ? `Did you mean "${meant}"?` : `There are ${names.join(', ')}.`,
      );
    }
    if (!value)
      return wrong(-1, `A value for ${found.name} is missing.`, `Type: set ${found.name} ${found.values[0]}`);
    const problem = found.check(value.text);
    if (problem !== null) return wrong(2, problem, `Type: set ${found.name} ${found.values[0]}`);
    const lines = [row(`${found.name} is ${value.text} from now on.`, 'dim')];
    return { type: 'set', settings: { ...now, [found.name]: value.text }, lines };
  },
});
