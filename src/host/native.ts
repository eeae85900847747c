/** The parts of netdoctor that are compiled: whether this machine can load them, and which they are. */
import { createRequire } from 'node:module';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { plain } from '../words/text.ts';
import { libpcapVersion } from './sockets/pcap-filter.ts';

export interface NativePart {
  readonly name: string;
  /** Its version, or why it cannot be loaded. */
  readonly version: Answer<string>;
}

const require = createRequire(import.meta.url);

const source = (name: string): readonly string[] => ['node', '-p', `require('${name}')`];

/** Of an npm package. It is loaded, not only found: what was built for another Node is found, too. */
function packaged(name: string): Answer<string> {
  try {
    const loaded = require(name) as { version?: string };
    const version = loaded.version ?? (require(`${name}/package.json`) as { version: string }).version;
    return known(version, source(name));
  } catch (error) {
    return lacks(error, name);
  }
}

/** Of the library itself, in its own words: `libpcap version 1.10.3 (with TPACKET_V3)`. */
function libpcap(): Answer<string> {
  try {
    return known(libpcapVersion().replace(/^libpcap version /, ''), source('koffi'));
  } catch (error) {
    return lacks(error, 'koffi');
  }
}

/** The first line: Node's own go on with where it looked. */
const lacks = (error: unknown, name: string): Answer<string> =>
  notKnown('unreadable', plain((error as Error).message.split('\n')[0] ?? ''), source(name));

/** koffi calls the kernel, libpcap compiles filters, cap is the other capture engine. */
export const nativeParts = (): readonly NativePart[] => [
  { name: 'koffi', version: packaged('koffi') },
  { name: 'libpcap', version: libpcap() },
  { name: 'cap', version: packaged('cap') },
];
