import { z } from 'zod';
import { checkLinkName } from '../link-name.ts';
import { question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

export default question({
  name: 'name',
  does: 'the name of a new interface of the host',
  params: z.object({ kind: z.string(), default: z.string() }),
  suggest: async (asked) => asked.default,
  async read(text, { kind }, { world }) {
    checkLinkName(text);
    const link = await world.link(undefined, text);
    if (link && link.kind !== kind)
      throw wrongAnswer(`${text} is there already, and is ${link.kind}.`, 'Choose another name.');
    return value(text);
  },
});
