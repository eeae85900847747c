/** resolv.conf as each library reads it. Sources: resolv.conf(5); glibc resolv/res_init.c; musl src/network/resolvconf.c. */
import { plain } from '../words/text.ts';
import { serverAddress } from './server-address.ts';

export interface Configuration {
  /** At most three; 127.0.0.1 where the file names none. */
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Seconds. */
  readonly timeout: number;
  readonly attempts: number;
  readonly rotate: boolean;
  readonly overTcp: boolean;
  readonly edns: boolean;
  readonly trustAd: boolean;
  readonly singleRequest: boolean;
  readonly singleRequestReopen: boolean;
  readonly noTldQuery: boolean;
  readonly noAaaa: boolean;
}

/** What the process adds to the file: glibc reads LOCALDOMAIN and RES_OPTIONS, and the domain of the host's name. */
export interface Surroundings {
  readonly localDomain?: string | undefined;
  readonly options?: string | undefined;
  readonly hostName?: string | undefined;
}

/** MAXNS of glibc's resolv.h and of musl's lookup.h: further servers are never asked. */
export const MOST_SERVERS = 3;
const NOBODY = '127.0.0.1';

const DEFAULTS: Configuration = {
  servers: [],
  search: [],
  ndots: 1,
  timeout: 5,
  attempts: 2,
  rotate: false,
  overTcp: false,
  edns: false,
  trustAd: false,
  singleRequest: false,
  singleRequestReopen: false,
  noTldQuery: false,
  noAaaa: false,
};

/** A file is a stranger's: what it says is shown, and no name has a control character. */
const words = (text: string): string[] =>
  text
    .split(/[ \t]+/)
    .map(plain)
    .filter(Boolean);

/** A keyword counts in the first column only, and a comment only as a whole line. */
export function readAsGlibc(text: string, around: Surroundings = {}): Configuration {
  const found = { ...DEFAULTS };
  let search: string[] = [];
  for (const line of text.split('\n')) {
    const [, keyword, rest] = /^(domain|search|options)[ \t]+(.*)$/.exec(line) ?? [];
    if (rest === undefined || rest === '') continue;
    if (keyword === 'options') Object.assign(found, glibcOptions(rest));
    else if (around.localDomain === undefined)
      search = keyword === 'domain' ? words(rest).slice(0, 1) : words(rest);
  }
  if (around.localDomain !== undefined) search = words(around.localDomain);
  const [, domain] = /^[^.]+\.(.+)$/.exec(around.hostName ?? '') ?? [];
  if (search.length === 0 && domain) search = [domain];
  if (around.options) Object.assign(found, glibcOptions(around.options));
  return { ...found, servers: orNobody(serversIn(text)), search };
}

/** `atoi` of a number that may not be there, up to the greatest value the library takes. */
const upTo = (most: number, text: string): number => Math.min(most, Number.parseInt(text, 10) || 0);

function glibcOptions(text: string): Partial<Configuration> {
  let found: Partial<Configuration> = {};
  for (const word of words(text)) {
    const is = (name: string): boolean => word.startsWith(name);
    if (is('ndots:')) found = { ...found, ndots: upTo(15, word.slice(6)) };
    else if (is('timeout:')) found = { ...found, timeout: upTo(30, word.slice(8)) };
    else if (is('attempts:')) found = { ...found, attempts: upTo(5, word.slice(9)) };
    else if (is('rotate')) found = { ...found, rotate: true };
    else if (is('edns0')) found = { ...found, edns: true };
    else if (is('single-request-reopen')) found = { ...found, singleRequestReopen: true };
    else if (is('single-request')) found = { ...found, singleRequest: true };
    else if (is('no_tld_query') || is('no-tld-query')) found = { ...found, noTldQuery: true };
    else if (is('use-vc')) found = { ...found, overTcp: true };
    else if (is('trust-ad')) found = { ...found, trustAd: true };
    else if (is('no-aaaa')) found = { ...found, noAaaa: true };
  }
  return found;
}

/** Longest line that musl looks at, and longest search list it keeps. Bytes. */
const MUSL_LINE = 254;

/** The last line of a kind decides; ndots, timeout and attempts are all the options there are. */
export function readAsMusl(text: string): Configuration {
  const found = { ...DEFAULTS };
  const servers: string[] = [];
  let search: string[] = [];
  for (const line of text.split('\n').filter((one) => one.length <= MUSL_LINE)) {
    const [, keyword, rest = ''] = /^(domain|search|nameserver|options)\s(.*)$/.exec(line) ?? [];
    if (keyword === 'options') {
      const number = (name: string, most: number): number | undefined => {
        const [, digits] = new RegExp(`${name}:(\\d+)`).exec(rest) ?? [];
        return digits === undefined ? undefined : Math.min(most, Number(digits));
      };
      found.ndots = number('ndots', 15) ?? found.ndots;
      found.timeout = number('timeout', 60) ?? found.timeout;
      found.attempts = number('attempts', 10) ?? found.attempts;
    } else if (keyword === 'nameserver') {
      const [word = ''] = words(rest.trim());
      const address = serverAddress(word);
      if (address !== null) servers.push(address);
    } else if (keyword !== undefined) search = rest.split(/\s+/).map(plain).filter(Boolean);
  }
  return { ...found, servers: orNobody(servers), search };
}

/** All that the file names, as glibc reads it: one on each line. */
const serversIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => serverAddress(plain(/^nameserver[ \t]+(\S+).*$/.exec(line)?.[1] ?? '')) ?? []);

/** Servers that the file names behind those that anybody asks. */
export const serversBeyond = (text: string): string[] => serversIn(text).slice(MOST_SERVERS);

const orNobody = (servers: readonly string[]): string[] =>
  servers.length > 0 ? servers.slice(0, MOST_SERVERS) : [NOBODY];
