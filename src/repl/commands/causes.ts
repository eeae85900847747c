import { causes } from '../../causes.ts';
import { span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { command, say } from '../command.ts';

export default command({
  name: 'causes',
  usage: '',
  does: 'lists the causes netdoctor can name',
  slots: () => [],
  run(_, { columns, last }) {
    const named = new Set(last?.diagnosis?.findings.map(({ cause }) => cause));
    const widest = Math.max(...causes.map(({ id }) => widthOf(id)));
    // On a narrow screen the title stands under the id.
    if (columns < widest + 30) {
      return say(
        causes.flatMap(({ id, title }) => [
          cut([span(id, named.has(id) ? 'strong' : 'accent')], columns),
          ...paragraph('    ', title, columns),
        ]),
      );
    }
    return say(
      causes.flatMap(({ id, title }) =>
        paragraph(`${named.has(id) ? '*' : ' '} ${cell(id, widest)}  `, title, columns),
      ),
    );
  },
});
