import { z } from 'zod';
import { question } from '../question.ts';
import containers from './containers.ts';

const one = { min: 1, max: 1 };

export default question({
  name: 'container',
  does: 'one container or namespace',
  gives: {
    label: 'its name alone',
  },
  params: z.object({ other_than: z.string().optional() }),
  async suggest({ other_than }, asking) {
    const taken = other_than === undefined ? '' : asking.answer(other_than).text;
    const all = (await containers.suggest({ min: 2 }, asking))?.split(',') ?? [];
    return all.find((name) => name !== taken) ?? null;
  },
  choices: (_, asking) => containers.choices?.(one, asking) ?? Promise.resolve([]),
  async read(text, _, asking) {
    const { items } = await containers.read(text, one, asking);
    return items![0]!;
  },
});
