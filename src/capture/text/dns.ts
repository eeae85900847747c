/** A DNS message in a few words, much as tcpdump(8) has them: `4711+ A? example.com.`, `4711 1/0/0 A 192.0.2.7`. */
import { isAnswer, type Question, questionIn, RCODES, readAnswer } from '../../wire/dns-message.ts';

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  65: 'HTTPS',
  255: 'ANY',
};

const asked = ({ type, name }: Question): string => `${TYPES[type] ?? `TYPE${type}`}? ${name}.`;

/** Undefined for what is none. `length`: of the message, on the wire. */
export function dnsText(message: Uint8Array, length: number): string | undefined {
  const question = questionIn(message);
  if (!question) return undefined;
  if (!isAnswer(message))
    return `${question.id}${question.recursive ? '+' : ''} ${asked(question)} (${length})`;
  const answer = readAnswer(message);
  if (!answer) return undefined;
  const says = answer.rcode === 0 ? '' : ` ${RCODES[answer.rcode] ?? `rcode ${answer.rcode}`}`;
  const cut = answer.truncated ? '|' : '';
  const found = answer.addresses.length > 0 ? ` ${answer.addresses.join(', ')}` : '';
  return `${answer.id}${cut}${says} ${asked(question)} ${answer.records}${found} (${length})`;
}
