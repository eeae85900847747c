import { execa, execaSync, type Options, type ResultPromise } from 'execa';
import { namespacePath } from './names.ts';

/**
 * Starts a program in a namespace, by `nsenter`: `ip netns exec` would remount /sys, and so hide control
 * groups and tracefs from it.
 */
export function inNamespace<O extends Options>(
  name: string,
  argv: readonly string[],
  options?: O,
): ResultPromise<O> {
  const child = execa('nsenter', [`--net=${namespacePath(name)}`, '--', ...argv], { ...options });
  return child as unknown as ResultPromise<O>;
}

/** Feeds lines to one `ip`, in the namespace named or in this process's own; the first bad line is an error. */
export async function ipBatch(lines: readonly string[], name?: string): Promise<void> {
  if (lines.length === 0) return;
  const where = name === undefined ? [] : ['-n', name];
  await execa('ip', [...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Removes namespaces by name, without waiting for the event loop, so that an ending process can still do it. */
export function removeNamespaces(names: readonly string[]): void {
  execaSync('ip', ['-force', '-batch', '-'], {
    input: names.map((name) => `netns delete ${name}\n`).join(''),
    reject: false,
  });
}
