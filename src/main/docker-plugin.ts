/** `docker netdoctor web`: Docker's client calls what is named docker-NAME in its folders of plug-ins. */
import { wrongCall } from '../model/failure.ts';
import { plain } from '../words/text.ts';

const LINK = 'docker-netdoctor';
/** What Docker's client asks every plug-in first, and shows in `docker --help`. */
export const METADATA = 'docker-cli-plugin-metadata';
/** Options of `docker` itself that choose the engine, and what says the same to its runtime here. */
const ENGINES: Readonly<Record<string, string>> = {
  '-c': 'DOCKER_CONTEXT',
  '--context': 'DOCKER_CONTEXT',
  '-H': 'DOCKER_HOST',
  '--host': 'DOCKER_HOST',
};

/** How the program was called: netdoctor's own words, and what Docker's own options ask for, as its variables. */
export interface Called {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param argv as `process.argv`. Docker hands its plug-in everything behind `docker`, the plug-in's name included.
 * @throws Failure for an option of docker's that cannot be heeded
 */
export function called([, link = '', ...words]: readonly string[]): Called {
  if (link.split('/').at(-1) !== LINK || words[0] === METADATA) return { words, env: {} };
  const env: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === 'netdoctor') return { words: words.slice(at + 1), env };
    const [name = '', joined] = word.split('=', 2);
    const variable = ENGINES[name];
    if (variable === undefined)
      throw wrongCall(
        'unknown-docker-option',
        `netdoctor does not know docker’s option ${plain(word)}.`,
        'docker netdoctor takes --context and --host before it; everything else is typed behind it.',
      );
    env[variable] = joined ?? words[++at] ?? '';
  }
  return { words, env };
}
