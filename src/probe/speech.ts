/** The smallest harmless thing to say over a connection, as a browser or `curl -I` would say it. */
import { type End, parseEnd } from '../model/ends.ts';
import type { Speech, WantedData } from '../model/exchange.ts';
import type { Flow } from '../model/flow.ts';
import { plain } from '../words/text.ts';
import { clockApart, serverTime } from './speech/clock.ts';
import { tlsHello } from './speech/tls.ts';
import type { Talk } from './talk.ts';

const BY_PORT: Readonly<Record<number, Speech>> = { 80: 'http', 8080: 'http', 443: 'tls', 8443: 'tls' };
/** Servers that speak first: FTP, SSH, LMTP, SMTP and its submission, POP3, NNTP, IMAP, rsync, DICT, MySQL, ManageSieve, VNC. */
const GREETERS = new Set([21, 22, 24, 25, 110, 119, 143, 587, 873, 2525, 2628, 3306, 4190, 5900]);

/** Of an answer so much is read: its first line, and the fields that servers put first. */
const MOST = 2000;

/** How the end is spoken to; null: not at all. */
export function speechOf(flow: Flow, wanted: WantedData | undefined): Speech | null {
  if (flow.proto !== 'tcp' || flow.port === null || flow.from === 'outside' || wanted === 'none') return null;
  return wanted ?? BY_PORT[flow.port] ?? (GREETERS.has(flow.port) ? 'greeting' : null);
}

/** The name that was asked for; null where it was an address, or no name of DNS. */
function nameOf(flow: Flow): string | null {
  let end: End;
  try {
    end = parseEnd(flow.to);
  } catch {
    return null;
  }
  return end.kind === 'name' ? end.name : null;
}

/** Opens a conversation; TLS takes a moment to write its hello. */
export async function openTalk(flow: Flow, speech: Speech): Promise<Talk> {
  const name = nameOf(flow);
  if (speech === 'tls') return tlsHello(name);
  const bracketed = flow.family === 6 ? `[${flow.address}]` : flow.address;
  const host = `${name ?? bracketed}${flow.port === 80 ? '' : `:${flow.port}`}`;
  const head = `HEAD / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: netdoctor\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
  let heard = '';
  return {
    speech,
    opening: speech === 'http' ? Buffer.from(head, 'latin1') : new Uint8Array(),
    hear(bytes) {
      if (heard.length < MOST) heard += Buffer.from(bytes).toString('latin1');
      return [];
    },
    line: () => plain(heard.split('\n')[0]!.slice(0, 120)).trim() || null,
    noTls: () => null,
    certificate: () => null,
    outOfTime: () => false,
    clock: () => (speech === 'http' ? clockApart(serverTime(heard), Date.now()) : null),
  };
}
