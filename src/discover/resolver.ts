import { dirname } from 'node:path';
import type { Machine } from '../host/machine.ts';
import { type Answer, known, notKnown } from '../model/answer.ts';
import type { Resolver } from '../model/facts.ts';
import type { Target } from '../model/target.ts';
import { serverAddress } from '../resolver/server-address.ts';
import { plain } from '../words/text.ts';
import { etcFile } from './name/files.ts';

/** resolv.conf as the C library reads it: resolv.conf(5). */
export function parseResolver(file: string, text: string): Resolver {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
      .map(plain),
  );
  const rest = (word: string): string[] =>
    lines.filter(([first]) => first === word).flatMap(([, ...words]) => words);
  const named = rest('nameserver');
  return {
    file,
    nameservers: named.flatMap((word) => serverAddress(word) ?? []).slice(0, 3),
    ignored: named.filter((word) => serverAddress(word) === null).slice(0, 3),
    ...(/^nameserver[ \t].*\r$/m.test(text) ? { returns: true } : {}),
    search: rest('search'),
    options: rest('options'),
  };
}

/** The target's own resolv.conf, as its processes see it; one that is not there names nobody. */
export function readResolver(machine: Machine, target: Target): Answer<Resolver> {
  const { file, text, because, denied } = etcFile(machine, target, 'container', 'resolv.conf');
  if (because !== null) return notKnown('unreadable', `${file}: ${because}`, ['cat', file]);
  if (denied !== undefined) return known({ ...parseResolver(file, ''), denied }, ['stat', file]);
  // Not there is an answer only where one can look: a process may have ended.
  const folder = target.pid === null ? dirname(file) : `/proc/${target.pid}/root/etc`;
  if (text === undefined && !machine.list(folder).known)
    return notKnown('unreadable', `${folder} cannot be looked into`, ['ls', folder]);
  return known(parseResolver(file, text ?? ''), ['cat', file]);
}

/**
 * A resolv.conf or hosts file. A container writes its own as it likes, and makes it as long as it likes; those in the
 * host's /etc are root's, and often links.
 */
export const readNamesFile = (machine: Machine, file: string): Answer<string> =>
  machine.readForeign(file, { trusted: file.startsWith('/etc/') });
