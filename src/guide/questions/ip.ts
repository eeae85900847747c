import { z } from 'zod';
import { isAddress } from '../network.ts';
import { question, value } from '../question.ts';
import { wrongAnswer } from '../wrong.ts';

const OUTSIDE = '1.1.1.1';

export default question({
  name: 'ip',
  does: 'an IPv4 address anywhere',
  params: z.object({
    default: z.string().optional(),
    outside: z.boolean().default(false),
    optional: z.boolean().default(false),
  }),
  async suggest(asked, { world }) {
    const configured = world.machine.env.NETDOCTOR_TO ?? '';
    if (asked.outside) return isAddress(configured) ? configured : OUTSIDE;
    return asked.default ?? (asked.optional ? '' : null);
  },
  async read(text, { optional }) {
    if (isAddress(text) || (optional && text === '')) return value(text);
    throw wrongAnswer(`"${text}" is no IPv4 address.`, `Such as ${OUTSIDE}`);
  },
});
