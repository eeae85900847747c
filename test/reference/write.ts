// Writes the reference pages: npm run reference
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowsPage } from './flows-page.ts';
import { pages } from './pages.ts';

// Scenarios come and go more often than what the program says: their page is written with the others, and only checked
// for names that are gone.
for (const { file, text } of [...pages(), { file: 'docs/flows.md', text: flowsPage() }]) {
  writeFileSync(join(import.meta.dirname, '../..', file), text);
  console.log(file);
}
