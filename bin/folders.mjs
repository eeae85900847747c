// A folder of src is its own registry, in a bundle as it is under Vite.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Turns Vite's `import.meta.glob('./*.ts', { eager: true })` into static imports, so that a folder is its
 * own registry in the bundle as it is in the tests. Only a single folder level is understood.
 * @param before by absolute path, what a module is to import besides
 */
export const folders = (before = new Map()) => ({
  name: 'folders',
  setup(context) {
    context.onLoad({ filter: /[/\\]src[/\\].*\.tsx?$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const imports = (before.get(file) ?? []).map((one) => `import ${JSON.stringify(one)};`);
      if (imports.length === 0 && !source.includes('import.meta.glob')) return undefined;
      const contents = source.replace(
        /import\.meta\.glob(?:<[^(]*>)?\(\s*'([^']+)\/\*\.(ts|tsx)',\s*\{ eager: true \}\s*,?\s*\)/g,
        (_, folder, extension) => {
          const whole = path.resolve(path.dirname(file), folder);
          // Git keeps no empty folder; Vite too takes one that is not there for empty.
          const names = (existsSync(whole) ? readdirSync(whole) : [])
            .filter((name) => name.endsWith(`.${extension}`) && path.join(whole, name) !== file)
            .sort();
          const entries = names.map((name) => {
            const local = `$folder${imports.length}`;
            imports.push(`import * as ${local} from ${JSON.stringify(`${folder}/${name}`)};`);
            return `${JSON.stringify(`${folder}/${name}`)}: ${local}`;
          });
          return `{${entries.join(', ')}}`;
        },
      );
      return { contents: `${imports.join('\n')}\n${contents}`, loader: file.endsWith('x') ? 'tsx' : 'ts' };
    });
  },
});
