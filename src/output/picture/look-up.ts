/** A name's look-up as a table: who was asked what, what they said in which time, and what each C library makes of it. */
import type { LookUpDocument, LookUpError } from '../../model/look-up.ts';
import { list, plain } from '../../words/text.ts';
import { columnsOf } from '../line/columns.ts';
import { type Line, row } from '../line/span.ts';
import { paragraph } from '../line/wrap.ts';
import { duration } from '../words.ts';

/** getaddrinfo(3), in plain words. */
const ERRORS: Readonly<Record<LookUpError, string>> = {
  'no-such-name': 'no such name',
  'no-address': 'the name has no address',
  'try-again': 'no answer that counts (temporary failure in name resolution)',
  failed: 'the servers refuse to say',
};

const said = ({ said: word, addresses, truncated }: LookUpDocument['questions'][number]): string => {
  const empty = word === 'NOERROR' && addresses.length === 0 ? 'NOERROR, no record' : word;
  return truncated ? `${empty}, cut short` : empty;
};

/** What was asked, a row each. */
export function questionLines({ questions }: LookUpDocument, columns: number): Line[] {
  const rows = questions.map((one) => [
    plain(one.server),
    plain(one.name),
    [one.type, ...(one.transport === 'tcp' ? ['tcp'] : []), ...(one.edns ? ['edns'] : [])].join(' '),
    said(one),
    one.milliseconds === null ? '' : duration(one.milliseconds * 1000),
    one.addresses.map(plain).join(', '),
  ]);
  return columnsOf(rows, columns - 2).map((text) => row(`  ${text}`));
}

/** What each library makes of it. */
export function resultLines({ name, results }: LookUpDocument, columns: number): Line[] {
  return results.flatMap(({ library, addresses, error, source, asked, seconds }) => {
    const waited = seconds > 0 ? `, after waiting ${seconds} s` : '';
    const as = asked !== null && asked !== name.replace(/\.$/, '') ? `, as ${plain(asked)}` : '';
    const from =
      source === 'files' ? ', from its hosts file' : source === 'myhostname' ? ', the loopback' : '';
    const what = error === null ? `${addresses.map(plain).join(', ')}${as}${from}` : ERRORS[error];
    return paragraph(
      `  ${library.padEnd(10)}`,
      `${what}${waited}`,
      columns,
      error === null ? 'plain' : 'bad',
    );
  });
}

function serverWords({ servers }: LookUpDocument): string {
  const words = servers.map(({ address, what, upstreams }) => {
    const asks = upstreams.length > 0 ? `, asks ${list(upstreams.map(plain))}` : '';
    return what === null ? plain(address) : `${plain(address)} (${what}${asks})`;
  });
  return words.join(', ');
}

export function lookUpLines(story: LookUpDocument, columns: number): Line[] {
  const { name, library, files, search, ndots } = story;
  const read = files.filter(({ found }) => found).map(({ file }) => plain(file));
  const missing = files.filter(({ found }) => !found).map(({ file }) => plain(file));
  const none = missing.length > 0 ? `; there is no ${list(missing)}` : '';
  const questions = questionLines(story, columns);
  return [
    row(`${plain(name)}   as ${library ?? 'glibc and musl'} look${library ? 's' : ''} it up`, 'strong'),
    [],
    ...paragraph('  files     ', `${read.join(', ')}${none}`, columns),
    ...paragraph('  servers   ', serverWords(story), columns),
    ...paragraph(
      '  search    ',
      search.length > 0 ? `${search.map(plain).join(', ')} (ndots ${ndots})` : `nothing (ndots ${ndots})`,
      columns,
    ),
    [],
    ...questions,
    ...(questions.length > 0 ? [[]] : []),
    ...resultLines(story, columns),
  ];
}
