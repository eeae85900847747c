import { wrongCall } from '../../model/failure.ts';
import { jsonText } from '../../output/json.ts';
import { nearest } from '../../words/nearest.ts';
import { list, plain } from '../../words/text.ts';
import { command } from '../command.ts';

export default command({
  name: 'schema',
  takes: '[document]',
  does: 'prints the JSON Schema of a document; without one, lists them',
  examples: ['netdoctor schema diagnosis'],
  overdue: 'unasked',
  options: [],
  async run({ words, screen }) {
    const { documents, jsonSchema } = await import('../../output/schema.ts');
    const [name] = words;
    if (name === undefined) {
      const width = Math.max(...documents.map((one) => one.name.length)) + 2;
      screen.out(documents.map((one) => `${one.name.padEnd(width)}${one.about}\n`).join(''));
      return 0;
    }
    const names = documents.map((one) => one.name);
    const document = documents.find((one) => one.name === name);
    if (!document) {
      const near = nearest(name, names);
      throw wrongCall(
        'unknown-document',
        `No document is called "${plain(name)}".`,
        near === null ? `There are ${list(names)}.` : `Did you mean netdoctor schema ${near}?`,
      );
    }
    screen.out(jsonText(jsonSchema(document)));
    return 0;
  },
});
