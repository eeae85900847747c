/** The two ends of a flow as people type them: `--to` and `--from`. */
import ipaddr from 'ipaddr.js';
import { wrongCall } from './failure.ts';
import type { Family } from './flow.ts';

/** The version of IP that an address is of. @throws Error for what is no address */
export const familyOf = (address: string): Family => (ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4);

/** Without the form that a socket of IPv6 gives to an address of IPv4: RFC 4291, 2.5.5.2. */
export const unmapped = (address: string): string => address.replace(/^::ffff:/, '');

/** `db.example` of `db.example:5432`; an IPv6 address that stands in no brackets has no port. */
export const withoutPort = (to: string): string => (ipaddr.IPv6.isValid(to) ? to : to.replace(/:\d+$/, ''));

/** Where a flow goes to. */
export type End =
  | {
      readonly kind: 'address';
      readonly address: string;
      readonly family: Family;
      readonly port: number | null;
    }
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  | { readonly kind: 'container'; readonly target: string; readonly port: number | null }
  | { readonly kind: 'host' | 'gateway'; readonly port: number | null }
  | { readonly kind: 'port'; readonly port: number };

/** Where a flow comes from. */
export type Start =
  | { readonly kind: 'container' | 'host' | 'outside' }
  | { readonly kind: 'other'; readonly target: string };

const FORMS =
  'Give --to HOST[:PORT], [V6]:PORT, container:TARGET[:PORT], host, gateway or :PORT, as in --to 198.51.100.1:443';

/**
 * Reads a destination. `runtimes` are the prefixes that a target may have (`docker`, `netns`, …): they tell the
 * namespace called 80 (`container:netns:80`) from port 80. A name is not resolved here.
 * @throws Failure (exit 2) for what is no destination.
 */
export function parseEnd(text: string, runtimes: readonly string[] = []): End {
  if (text.trim() === '') throw wrongCall('empty-destination', 'The destination is empty.', FORMS);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw noUrl(text);
  if (text.startsWith('container:')) return container(text.slice('container:'.length), runtimes);
  if (text.startsWith(':')) return { kind: 'port', port: port(text.slice(1), text) };
  if (text.startsWith('[')) return bracketed(text);
  if (ipaddr.IPv6.isValid(text)) return address(text, null);
  const [host = '', ...rest] = text.split(':');
  if (rest.length > 1)
    throw wrongCall(
      'bad-destination',
      `"${text}" is no IPv6 address and has more than one colon.`,
      'An IPv6 address with a port stands in brackets: --to [2001:db8::1]:443',
    );
  const at = rest.length === 0 ? null : port(rest[0] ?? '', text);
  if (host === 'host' || host === 'gateway') return { kind: host, port: at };
  if (/^[\d.]+$/.test(host)) return ipv4(host, at);
  if (!isName(host)) throw wrongCall('bad-destination', `"${text}" is neither address nor name.`, FORMS);
  return { kind: 'name', name: host, port: at };
}

/** Reads a source. @throws Failure (exit 2) for what is none. */
export function parseStart(text: string): Start {
  if (text === 'container' || text === 'host' || text === 'outside') return { kind: text };
  const target = text.startsWith('container:') ? text.slice('container:'.length) : '';
  if (target !== '') return { kind: 'other', target };
  throw wrongCall(
    'bad-source',
    text.trim() === '' ? 'The source is empty.' : `"${text}" is no source of a flow.`,
    'Give --from container, host, outside or container:TARGET',
  );
}

function address(text: string, at: number | null): End {
  return { kind: 'address', address: text, family: familyOf(text), port: at };
}

function bracketed(text: string): End {
  const [, inside = '', after = ''] = /^\[([^\]]*)\](.*)$/s.exec(text) ?? [];
  if (!ipaddr.IPv6.isValid(inside))
    throw wrongCall(
      'bad-destination',
      `"${text}" has no IPv6 address in its brackets.`,
      'Give it as --to [2001:db8::1]:443',
    );
  if (after === '') return address(inside, null);
  if (!after.startsWith(':')) throw badPort(after, text);
  return address(inside, port(after.slice(1), text));
}

function ipv4(host: string, at: number | null): End {
  // ipaddr.js reads `10.1` as 10.0.0.1, as inet_aton(3) does; here it is a slip of the finger.
  if (!ipaddr.IPv4.isValidFourPartDecimal(host))
    throw wrongCall(
      'bad-destination',
      `"${host}" is no IPv4 address.`,
      'An IPv4 address has four numbers from 0 to 255: --to 198.51.100.1',
    );
  return address(host, at);
}

function container(text: string, runtimes: readonly string[]): End {
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const named = parts.length === 2 && runtimes.includes(parts[0] ?? '');
  const hasPort = parts.length > 1 && !named && /^\d*$/.test(last);
  const target = hasPort ? parts.slice(0, -1).join(':') : text;
  if (target === '' || target.endsWith(':'))
    throw wrongCall(
      'bad-destination',
      `"container:${text}" names no container.`,
      'Give it as --to container:web:80 or --to container:netns:red',
    );
  return { kind: 'container', target, port: hasPort ? port(last, `container:${text}`) : null };
}

function port(text: string, whole: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 65535) throw badPort(text, whole);
  return number;
}

const badPort = (text: string, whole: string) =>
  wrongCall(
    'bad-port',
    `"${text}" in "${whole}" is no port.`,
    'A port is a number from 1 to 65535, as in --to 198.51.100.1:443',
  );

function noUrl(text: string) {
  const bare = text.replace(/^[^/]*\/\//, '');
  const host = bare.replace(/[/?#].*$/, '') || 'example.com';
  const known = /^https/i.test(text) ? ':443' : /^http/i.test(text) ? ':80' : '';
  return wrongCall(
    'bad-destination',
    `"${text}" is a URL; netdoctor takes a host and a port.`,
    `--to ${/:\d+$/.test(host) ? host : host + known}`,
  );
}

/** RFC 1123 host names (a label has 63 letters at most, RFC 1035), and the underscore that runtimes allow in theirs. */
const isName = (text: string): boolean =>
  text.length <= 253 &&
  text.split('.').every((label) => label.length <= 63) &&
  /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text);
