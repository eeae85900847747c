/** The parts of netdoctor that are compiled: whether this machine can load them, and which they are. */
import { createRequire } from 'node:module';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { plain } from '../words/text.ts';
import { loadCap } from './capture/cap-addon.ts';
import { broughtVersions } from './prebuilt.ts';
import { libpcapVersion } from './sockets/pcap-filter.ts';
import { library } from './sys/libc.ts';

export interface NativePart {
  readonly name: string;
  /** Its version, or why it cannot be loaded. */
  readonly version: Answer<string>;
}

const source = (name: string): readonly string[] => ['node', '-p', `require('${name}')`];

/** It is loaded, not only found: what was built for another Node is found, too. */
function part(name: string, npm: string, version: () => string): NativePart {
  try {
    return { name, version: known(version(), source(npm)) };
  } catch (error) {
    // The first line: Node's own go on with where it looked.
    const why = plain((error as Error).message.split('\n')[0] ?? '');
    return { name, version: notKnown('unreadable', why, source(npm)) };
  }
}

/** cap does not tell its version: its package does, or whoever brought it along. */
function capVersion(): string {
  loadCap();
  const brought = broughtVersions().cap;
  return brought ?? (createRequire(import.meta.url)('cap/package.json') as { version: string }).version;
}

/** koffi calls the kernel, libpcap compiles filters, cap is the other capture engine. */
export const nativeParts = (): readonly NativePart[] => [
  part('koffi', 'koffi', () => library().version),
  // In its own words: `libpcap version 1.10.3 (with TPACKET_V3)`.
  part('libpcap', 'koffi', () => libpcapVersion().replace(/^libpcap version /, '')),
  part('cap', 'cap', capVersion),
];
