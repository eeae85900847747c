/** What a person has set once: `config.yaml` of their own, else the one of this host. */
import type { Machine } from '../host/machine.ts';
import { parseEnd } from '../model/ends.ts';
import { Failure, wrongCall } from '../model/failure.ts';
import { plain } from '../model/words.ts';

const KEYS = ['to'];

/** The first configuration that says where to ask for; undefined where none does. @throws Failure */
export async function configuredDestination(machine: Machine): Promise<string | undefined> {
  const home = machine.env.XDG_CONFIG_HOME || (machine.env.HOME ? `${machine.env.HOME}/.config` : undefined);
  for (const folder of [...(home ? [home] : []), '/etc']) {
    const file = `${folder}/netdoctor/config.yaml`;
    const text = machine.read(file);
    if (!text.known) continue;
    const { to } = await readConfiguration(file, text.value);
    if (to !== undefined) return to;
  }
  return undefined;
}

async function readConfiguration(file: string, text: string): Promise<{ to?: string }> {
  // YAML is read by a few people's machines only: its parser is not loaded for the others.
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    throw bad(file, `It is no YAML: ${plain((error as Error).message.split('\n')[0] ?? '')}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw bad(file, 'It must hold keys and values.');
  const unknown = Object.keys(content).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw bad(file, `It has an unknown key "${plain(unknown)}".`);
  const { to } = content as { to?: unknown };
  if (to === undefined) return {};
  try {
    parseEnd(String(to));
  } catch (error) {
    if (error instanceof Failure) throw bad(file, error.problem.message);
    throw error;
  }
  return { to: String(to) };
}

const bad = (file: string, why: string): Failure =>
  wrongCall(
    'bad-configuration',
    `${plain(file)} cannot be used. ${why}`,
    'A line such as `to: 198.51.100.1` is meant.',
  );
