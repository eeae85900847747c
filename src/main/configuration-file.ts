import { parse } from 'yaml';
import { parseEnd } from '../model/ends.ts';
import { Failure, wrongCall } from '../model/failure.ts';
import { plain } from '../words/text.ts';

export interface Configuration {
  /** Where to ask for when nothing is said. */
  readonly to?: string;
}

const KEYS = ['to'];

/** @throws Failure that names the file and what is wrong in it */
export function readConfiguration(file: string, text: string): Configuration {
  const content = parsed(file, text);
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw bad(file, 'It must hold keys and values.');
  const unknown = Object.keys(content).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw bad(file, `It has an unknown key "${plain(unknown)}".`);
  const { to } = content as { to?: unknown };
  if (to === undefined) return {};
  if (typeof to !== 'string' && typeof to !== 'number') throw bad(file, 'Its `to` is no destination.');
  try {
    parseEnd(String(to));
  } catch (error) {
    throw error instanceof Failure ? bad(file, error.problem.message) : error;
  }
  return { to: String(to) };
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw bad(file, `It is no YAML: ${plain((error as Error).message.split('\n')[0] ?? '')}.`);
  }
}

const bad = (file: string, why: string): Failure =>
  wrongCall(
    'bad-configuration',
    `${plain(file)} cannot be used. ${why}`,
    'A line such as `to: 198.51.100.1` is meant.',
  );
