/** A few recipes from beginning to end: the whole exam of all of them is `npm run exam -- --recipes`. */
import { afterAll, describe, expect, it } from 'vitest';
import { RecipeExam } from './recipe-exam.ts';

const exam = new RecipeExam();
afterAll(() => exam.down());

describe.each([
  ['bridge-nat', 'both'],
  ['publish-port', 'docker'],
] as const)('%s, %s', (name, kind) => {
  it('works, changes nothing the second time, and is undone', async () => {
    expect(await exam.live(name, kind)).toEqual({ works: [], idempotent: [], undone: [] });
  }, 120_000);
});
