import { CannotHave } from '../set-up/say.mjs';
import { run } from './run.mjs';

/**
 * Mirrors of Debian that apt asks on this machine, each once: where it is, and which suite (trixie) is asked of it.
 * @throws CannotHave where there is none
 */
export function mirrors() {
  const said = run([
    ...['apt-get', 'indextargets', '--format', '$(REPO_URI) $(CODENAME)'],
    ...['Created-By: Packages', 'Origin: Debian', 'Label: Debian', 'Component: main'],
  ]);
  const lines = said.split('\n').filter((line) => /^https?:\S+ [a-z]+$/.test(line));
  if (lines.length === 0)
    throw new CannotHave('Debian’s packages cannot be had.', 'apt names no mirror of Debian.', [
      'make a release on Debian',
    ]);
  return [...new Set(lines)].map((line) => {
    const [uri, suite] = line.split(' ');
    return { uri, suite };
  });
}
