import { z } from 'zod';
import { listTargets } from '../../targets/target.ts';
import { question, type Value, value } from '../question.ts';
import { placeNamed } from '../target.ts';
import { wrongAnswer } from '../wrong.ts';

const params = z.object({ min: z.number().default(1), max: z.number().optional() });

export default question({
  name: 'containers',
  does: 'containers or namespaces, comma between them; `new:red` makes a bare namespace',
  gives: {
    label: 'its name alone',
  },
  params,
  async suggest({ min }, { world }) {
    const { candidates } = await listTargets(world.machine);
    // Only what has no network yet may be taken without asking.
    const free = candidates.filter(
      ({ networks, state }) => networks.join() === 'none' && state === 'running',
    );
    if (free.length >= min) return free.map(({ runtime, name }) => `${runtime}:${name}`).join(',');
    return ['red', 'blue', 'green']
      .slice(0, Math.max(min, 2))
      .map((name) => `new:${name}`)
      .join(',');
  },
  async choices(_, { world }) {
    const { candidates } = await listTargets(world.machine);
    const there = candidates.map(({ runtime, name, networks, state, addresses }) => ({
      value: `${runtime}:${name}`,
      about: [
        ...(state === 'present' ? [] : [state]),
        ...(networks.length > 0 ? [`network ${networks.join(', ')}`] : []),
        ...addresses,
      ].join(', '),
    }));
    return [...there, { value: 'new:NAME', about: 'a bare namespace, made for this' }];
  },
  async read(text, { min, max }, { world }) {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (names.length < min || (max !== undefined && names.length > max))
      throw wrongAnswer(
        `This needs ${max === min ? min : `at least ${min}`} container${min === 1 ? '' : 's'}; the answer names ${names.length}.`,
        'Write them with commas between: web,db. A name that does not exist yet: new:red',
      );
    const items: Value[] = [];
    for (const name of names) {
      const place = await placeNamed(name, world);
      if (items.some((item) => item.text === place.text))
        throw wrongAnswer(`${place.label} is named twice.`, 'Name each container once.');
      items.push(value(place.text, { label: place.label }));
    }
    return { text: items.map((item) => item.text).join(','), parts: items[0]?.parts ?? {}, items };
  },
});
