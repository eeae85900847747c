import { z } from 'zod';
import { question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

export default question({
  name: 'choice',
  does: 'one of several words',
  params: z.object({ options: z.record(z.string(), z.string()), default: z.string() }),
  suggest: async (asked) => asked.default,
  choices: async ({ options }) => Object.entries(options).map(([value, about]) => ({ value, about })),
  async read(text, { options }) {
    if (Object.hasOwn(options, text)) return value(text);
    throw wrongAnswer(`"${text}" is not one of the answers.`, `Say ${Object.keys(options).join(' or ')}.`);
  },
});
