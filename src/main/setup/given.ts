import { InvalidArgumentError } from 'commander';

/** Collects `--set name=value`; a hyphen in a name is taken for the underscore it stands for. */
export function collect(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes NAME=VALUE, as in --set containers=red,blue.');
  return new Map([...before, [text.slice(0, at).replaceAll('-', '_'), text.slice(at + 1)]]);
}
