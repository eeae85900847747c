// Writes the reference pages: npm run reference
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowsPage } from './flows-page.ts';
import { pages } from './pages.ts';
import { screenPicture } from './screen-picture.ts';

// Ink draws nothing live where it believes itself in CI.
process.env.CI = 'false';

// Scenarios come and go more often than what the program says: their page is written with the others, and only checked
// for names that are gone.
for (const { file, text } of [
  ...pages(),
  { file: 'docs/flows.md', text: flowsPage() },
  { file: 'docs/screen.svg', text: await screenPicture() },
]) {
  writeFileSync(join(import.meta.dirname, '../..', file), text);
  console.log(file);
}
// What the conversation still listens to would keep this program alive.
process.exit(0);
