/** Files as things to be changed: their bytes, mode and owner are their state. */
import { createHash } from 'node:crypto';
import type { Machine } from '../host/machine.ts';
import { type Answer, known, notKnown } from '../model/answer.ts';
import type { Change } from '../model/fix.ts';
import type { State } from './state.ts';
import type { Subject } from './subject.ts';

export type FileChange = Extract<Change, { file: string }>;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `?text` keeps the bytes, so that they can be put back whatever happens to the change itself. */
export const fileState = (text: string | null, access: string): State =>
  text === null ? { content: 'absent' } : { content: `sha256 ${digest(text)}`, access, '?text': text };

/** Mode and owner as `644 0:0`. */
async function accessOf(machine: Machine, file: string): Promise<Answer<string>> {
  const answer = await machine.run({ argv: ['stat', '-Lc', '%a %u:%g', '--', file] });
  if (!answer.known) return answer;
  if (answer.value.code !== 0) return notKnown('unreadable', answer.value.stderr.trim(), answer.source);
  return known(answer.value.stdout.trim(), answer.source);
}

async function readFile(machine: Machine, file: string): Promise<Answer<State>> {
  const text = machine.read(file);
  if (!text.known) return text.because === 'vanished' ? known(fileState(null, ''), text.source) : text;
  // A replacement character means that bytes were lost in reading: they could not be put back.
  if (text.value.includes('\ufffd')) return notKnown('unreadable', `${file} is not a text file`, text.source);
  const access = await accessOf(machine, file);
  return access.known ? known(fileState(text.value, access.value), text.source) : access;
}

/** Where the text lives: a link is followed, so that it stays a link. */
export function realFile(machine: Machine, file: string, hops = 0): string {
  const next = machine.link(file);
  if (!next.known || hops > 8) return file;
  return realFile(
    machine,
    next.value.startsWith('/') ? next.value : `${file.replace(/[^/]*$/, '')}${next.value}`,
    hops + 1,
  );
}

export const fileSubject = (change: FileChange): Subject => ({
  what: `file ${change.file}`,
  read: ({ machine }) => readFile(machine, realFile(machine, change.file)),
  expected: () =>
    change.after === null ? { content: 'absent' } : { content: `sha256 ${digest(change.after)}` },
  restore: (_, wanted) => [
    {
      file: change.file,
      before: change.after,
      after: wanted['?text'] ?? null,
      mode: wanted.access ?? change.mode,
    },
  ],
});

/** Writes or removes the file, and gives it the mode and owner that `mode` names (`0644`, or `644 0:0`). */
export async function writeFile(machine: Machine, change: FileChange): Promise<Answer<void>> {
  const file = realFile(machine, change.file);
  if (change.after === null) return machine.remove(file);
  const [mode = '0644', owner] = change.mode.split(' ');
  const written = machine.write(file, change.after, { sync: true, mode: Number.parseInt(mode, 8) });
  if (!written.known) return written;
  // The process's umask has had its say about the mode.
  for (const argv of [
    ['chmod', mode, '--', file],
    ...(owner ? [['chown', owner, '--', file]] : []),
  ] as const) {
    const done = await machine.run({ argv: argv as [string, ...string[]] });
    if (!done.known) return done;
    if (done.value.code !== 0) return notKnown('unreadable', done.value.stderr.trim(), done.source);
  }
  return written;
}
