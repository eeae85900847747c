/** Docker's daemon.json: objects are merged key by key, everything that is there stays. */
import type { Machine } from '../../host/machine.ts';
import { plain } from '../../words/text.ts';
import { stateDirectory } from '../journal/place.ts';
import type { Merge } from '../merge.ts';

type Json = { [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function deep(base: Json, more: Json): Json {
  const out = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const old = out[key];
    out[key] =
      isObject(old) && isObject(value)
        ? deep(old, value)
        : Array.isArray(old) && Array.isArray(value)
          ? [...old, ...value.filter((one) => !old.includes(one))]
          : value;
  }
  return out;
}

/** As the file is written: the first indented line tells. */
const indentOf = (text: string): string => /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';

function parse(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('it is not a JSON object');
  return value;
}

/** dockerd(8) reads a file of our own; where there is no dockerd, valid JSON must do. */
async function validate(machine: Machine, text: string): Promise<string | null> {
  const file = `${stateDirectory(machine)}/daemon.json.${machine.pid}`;
  const written = machine.write(file, text, { sync: true, mode: 0o600 });
  if (!written.known) return written.detail;
  const answer = await machine.run({ argv: ['dockerd', '--validate', '--config-file', file] });
  machine.remove(file);
  if (!answer.known) return answer.because === 'no-such-tool' ? null : answer.detail;
  return answer.value.code === 0
    ? null
    : plain(answer.value.stderr.trim()) || 'dockerd --validate refuses it';
}

export default {
  matches: (file) => file.endsWith('/daemon.json'),
  merge: (before, fragment) =>
    `${JSON.stringify(deep(parse(before), parse(fragment)), null, indentOf(before))}\n`,
  validate,
} satisfies Merge as Merge;
