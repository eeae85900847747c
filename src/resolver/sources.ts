/** Who is asked for a name, in which order: the `hosts` line of nsswitch.conf(5). musl has no such file. */

export type Status = 'success' | 'notfound' | 'unavail' | 'tryagain';

export interface Source {
  /** `files`, `dns`, `myhostname`, `mdns4_minimal`, … */
  readonly service: string;
  /** At which statuses the search ends here. */
  readonly ends: ReadonlySet<Status>;
}

const STATUSES: readonly Status[] = ['success', 'notfound', 'unavail', 'tryagain'];

/** glibc 2.36 nss/nss_database.c, where the file or its line is missing. */
const USUAL = 'files dns';

export function sourcesOf(text: string | undefined): Source[] {
  const line = text
    ?.split('\n')
    .map((one) => one.replace(/#.*/, '').trim())
    .findLast((one) => /^hosts\s*:/.test(one));
  return parse(line?.replace(/^hosts\s*:/, '') ?? USUAL);
}

function parse(text: string): Source[] {
  const found: { service: string; ends: Set<Status> }[] = [];
  for (const [, actions, service] of text.matchAll(/\[([^\]]*)\]|([^\s[]+)/g)) {
    if (service !== undefined) found.push({ service, ends: new Set<Status>(['success']) });
    else for (const one of (actions ?? '').trim().split(/\s+/)) act(found.at(-1)?.ends, one.toLowerCase());
  }
  return found;
}

/** `NOTFOUND=return`, `!UNAVAIL=return`, `SUCCESS=continue`. */
function act(ends: Set<Status> | undefined, action: string): void {
  const [, not, status, what] = /^(!?)(success|notfound|unavail|tryagain)=(\w+)$/.exec(action) ?? [];
  for (const one of STATUSES) {
    if (status === undefined || (one === status) === (not === '!')) continue;
    if (what === 'return') ends?.add(one);
    else ends?.delete(one);
  }
}
