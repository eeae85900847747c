import { z } from 'zod';
import { question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

export default question({
  name: 'number',
  does: 'a whole number',
  params: z.object({ min: z.number(), max: z.number(), default: z.number().optional() }),
  suggest: async (asked) => (asked.default === undefined ? null : String(asked.default)),
  async read(text, { min, max }) {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw wrongAnswer(`"${text}" is no number between ${min} and ${max}.`, `${min} to ${max}`);
    return value(String(number));
  },
});
