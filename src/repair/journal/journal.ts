/** The journal on disk: a file an entry, written whole and synced, so that a crash leaves the old or the new text. */
import type { Machine } from '../../host/machine.ts';
import { cannotLook } from '../../model/failure.ts';
import { shellLine } from '../../words/text.ts';
import type { Entry } from './entry.ts';
import { stateDirectory } from './place.ts';
import { readEntry } from './reading.ts';

export interface Unreadable {
  readonly file: string;
  readonly because: string;
}

export interface Listing {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly unreadable: readonly Unreadable[];
}

/** Bytes of an entry at most: it keeps the whole text of the files that it changed. */
const MOST = 4 * 1024 * 1024;

export class Journal {
  readonly directory: string;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.directory = `${stateDirectory(machine)}/journal`;
  }

  #file(id: string): string {
    return `${this.directory}/${id.padStart(6, '0')}.json`;
  }

  list(): Listing {
    const names = this.#machine.list(this.directory);
    if (!names.known) {
      if (names.because === 'vanished') return { entries: [], unreadable: [] };
      throw cannotLook(
        'journal-unreadable',
        `the journal cannot be read: ${names.detail}`,
        shellLine(['ls', '-l', this.directory]),
      );
    }
    const entries: Entry[] = [];
    const unreadable: Unreadable[] = [];
    for (const name of names.value.filter((one) => /^\d+\.json$/.test(one)).sort()) {
      const file = `${this.directory}/${name}`;
      const read = this.#parse(file);
      if ('because' in read) unreadable.push(read);
      else entries.push(read);
    }
    return { entries: entries.sort((a, b) => Number(a.id) - Number(b.id)), unreadable };
  }

  #parse(file: string): Entry | Unreadable {
    const own = this.#machine.ownedAlone(file);
    if (!own.known) return { file, because: own.detail };
    const text = this.#machine.readForeign(file, { most: MOST });
    if (!text.known) return { file, because: text.detail };
    const entry = readEntry(text.value, Number.parseInt(file.slice(this.directory.length + 1), 10));
    return typeof entry === 'string' ? { file, because: entry } : entry;
  }

  get(id: string): Entry | null {
    const read = this.look(id);
    return read === null || 'because' in read ? null : read;
  }

  /** The entry, or why its file cannot be read; null where there is none. */
  look(id: string): Entry | Unreadable | null {
    if (!/^\d{1,6}$/.test(id)) return null;
    const file = this.#file(id);
    const names = this.#machine.list(this.directory);
    if (names.known && !names.value.includes(file.slice(this.directory.length + 1))) return null;
    return this.#parse(file);
  }

  /** The next free id: one more than the highest that was ever used and is still there. */
  nextId(): string {
    const names = this.#machine.list(this.directory);
    const used = names.known
      ? names.value.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite)
      : [];
    return String(Math.max(0, ...used) + 1);
  }

  /**
   * Writes the entry and waits until it is on disk. A full disk, a read-only file system or a missing permission is a
   * Failure (exit 3): nothing may be changed that cannot be journalled, nor what undo would not believe.
   */
  write(entry: Entry): Entry {
    const text = `${JSON.stringify(entry, null, 1)}\n`;
    const read = Buffer.byteLength(text) > MOST ? 'it is too long' : readEntry(text, Number(entry.id));
    if (typeof read === 'string')
      throw cannotLook(
        'not-undoable',
        `the change could not be taken back from the journal, so nothing is changed: ${read}`,
        'change it by hand',
      );
    const written = this.#machine.write(this.#file(entry.id), text, {
      sync: true,
      mode: 0o600,
    });
    if (written.known) return entry;
    throw cannotLook(
      'journal-unwritable',
      `the journal cannot be written, so nothing is changed: ${because(written.detail)}`,
      `make room or give write access to ${this.directory}, then try again`,
    );
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/** `the disk is full (/var/lib/…: ENOSPC)`. */
export function because(detail: string): string {
  const errno = /E[A-Z]+$/.exec(detail)?.[0] ?? '';
  return WORDS[errno] ? `${WORDS[errno]} (${detail})` : detail;
}
