import { expect, it } from 'vitest';

/** Plain JavaScript without declarations. */
const { alreadyLoaded } = (await import(`${import.meta.dirname}/../bin/already-loaded.mjs`)) as {
  alreadyLoaded(bundle: object, root: string, processes: readonly string[]): Map<string, string[]>;
};

const later = (path: string) => ({ path, kind: 'dynamic-import' });
const at = (path: string) => ({ path, kind: 'import-statement' });

const bundle = {
  inputs: {
    'src/main.ts': { imports: [at('src/words.ts'), at('src/commands.ts')] },
    'src/commands.ts': { imports: [later('src/ask.ts'), later('src/show.ts')] },
    'src/words.ts': { imports: [at('node_modules/width/index.js')] },
    'src/ask.ts': { imports: [at('src/host.ts'), at('src/words.ts'), later('src/judge.ts')] },
    'src/show.ts': { imports: [at('src/host.ts'), later('src/judge.ts')] },
    'src/judge.ts': { imports: [at('src/causes.ts')] },
    'src/host.ts': { imports: [] },
    'src/causes.ts': { imports: [later('src/rare.ts')] },
    'src/rare.ts': { imports: [] },
    'src/child.ts': { imports: [at('src/causes.ts')] },
    'node_modules/width/index.js': { imports: [] },
  },
};

it('what every importer of a part has loaded stands loaded before it', () => {
  const before = alreadyLoaded(bundle, '/x', ['src/main.ts']);
  expect(before.get('/x/src/ask.ts')).toEqual(['/x/src/words.ts', '/x/src/commands.ts']);
  expect(before.get('/x/src/judge.ts')?.toSorted()).toEqual([
    '/x/src/commands.ts',
    '/x/src/host.ts',
    '/x/src/words.ts',
  ]);
});

it('a part that another process imports too finds only what both have', () => {
  const before = alreadyLoaded(bundle, '/x', ['src/main.ts', 'src/child.ts']);
  expect(before.get('/x/src/rare.ts')).toEqual(['/x/src/causes.ts']);
});
