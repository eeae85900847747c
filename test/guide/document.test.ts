import { describe, expect, it } from 'vitest';
import { documentOf } from '../../src/guide/document.ts';
import type { SetupEvent } from '../../src/guide/event.ts';
import type { Recipe } from '../../src/guide/recipe.ts';
import { setup } from '../../src/output/schema/documents/setup.ts';

const recipe = { name: 'bridge-nat', title: 'A way out' } as Recipe;
const step = (title: string, already = false) => ({
  title,
  why: 'so',
  already,
  commands: [['true']],
  undo: [['false']],
});

const begun: SetupEvent[] = [
  { type: 'recipe', recipe, answers: { containers: 'red' } },
  { type: 'plan', steps: [step('one', true), step('two'), step('three')] },
];

describe('the document of a set-up', () => {
  it('is a plan until something is done', () => {
    const document = documentOf(begun);
    expect(setup.parse(document)).toEqual(document);
    expect(document).toMatchObject({ status: 'planned', recipe: 'bridge-nat', journal: null });
    expect(document.steps.map((one) => one.state)).toEqual(['already', 'planned', 'planned']);
  });

  it('tells what became of each step, the proof and the end', () => {
    const document = documentOf([
      ...begun,
      { type: 'step', index: 1, state: 'running', because: null, hint: null },
      { type: 'command', index: 1, command: ['true'] },
      { type: 'step', index: 1, state: 'done', because: null, hint: null },
      { type: 'step', index: 2, state: 'failed', because: 'no', hint: null },
      { type: 'proving', from: 'red', to: '192.0.2.1', of: 1 },
      {
        type: 'proof',
        proof: {
          from: 'red',
          to: '192.0.2.1',
          proto: 'icmp',
          wanted: 'answered',
          found: null,
          holds: false,
          says: '',
        },
      },
      { type: 'tell', says: 'remember' },
      { type: 'end', status: 'failed', journal: null, because: 'three: no', hint: 'try again' },
    ]);
    expect(setup.parse(document)).toEqual(document);
    expect(document.steps.map((one) => one.state)).toEqual(['already', 'done', 'failed']);
    expect(document).toMatchObject({ status: 'failed', because: 'three: no', tells: ['remember'] });
    expect(document.proof).toHaveLength(1);
  });
});
