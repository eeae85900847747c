import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../lab/scenario.ts';

/** Keeps what netdoctor said, to look into a verdict afterwards. */
export function keepDocument(folder: string, name: string, answer: Answer | null): void {
  if (!answer?.document) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replaceAll(' ', '-')}.json`), answer.document);
}
