// Writes the reference pages: npm run reference
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './pages.ts';

for (const { file, text } of pages()) {
  writeFileSync(join(import.meta.dirname, '../..', file), text);
  console.log(file);
}
