/** What an exam has found so far, one line of JSON each, so that one that was ended goes on where it was. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export class Kept<T> {
  readonly found = new Map<string, T>();
  readonly #path: string | null;

  /** Null: it is kept in no file. */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const { name, value } = JSON.parse(line) as { name: string; value: T };
      this.found.set(name, value);
    }
  }

  keep(name: string, value: T): void {
    this.found.set(name, value);
    if (this.#path !== null) appendFileSync(this.#path, `${JSON.stringify({ name, value })}\n`);
  }
}
