/** What comes back to a TLS hello, and is no TLS. */
import { plain } from '../../words/text.ts';

/** Content types of a TLS record, behind which the major version 3 stands: RFC 8446, 5.1, and RFC 6520. */
const [FIRST_TYPE, LAST_TYPE, MAJOR] = [20, 24, 3];
/** Characters of a line, and bytes of what is none, that are shown. */
const [LINE, BYTES] = [80, 16];

/** The first line, or the first bytes; null for a TLS record, and for nothing. */
export function inPlaceOfTls(heard: Uint8Array): string | null {
  const [type, major = MAJOR] = heard;
  if (type === undefined || (type >= FIRST_TYPE && type <= LAST_TYPE && major === MAJOR)) return null;
  const line = Buffer.from(heard).toString('latin1').split(/\r?\n/)[0]!.slice(0, LINE);
  return /^[\x20-\x7e]+$/.test(line)
    ? `"${plain(line)}"`
    : `bytes ${Buffer.from(heard.subarray(0, BYTES)).toString('hex')}`;
}
