import { z } from 'zod';
import { question } from '../question.ts';
import addresses from './addresses.ts';

/** The host itself stands in for the list of containers. */
const host = (asked: { in: string; device: string }) => ({ ...asked, for: ['$host'], from: 'top' as const });

export default question({
  name: 'address',
  does: 'a free address for the host itself',
  params: z.object({ in: z.string(), device: z.string() }),
  suggest: (asked, asking) => addresses.suggest(host(asked), withHost(asking)),
  async read(text, asked, asking) {
    const { items } = await addresses.read(text, host(asked), withHost(asking));
    return items![0]!;
  },
});

const withHost = (asking: Parameters<typeof addresses.read>[2]): typeof asking => ({
  ...asking,
  answer: (name) => (name === '$host' ? { text: 'host', parts: { label: 'the host' } } : asking.answer(name)),
});
