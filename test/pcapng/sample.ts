/** Capture files for tests, and what a reader makes of them. */
import { type Described, type Item, LINK, Malformed, type SavedPacket } from '../../src/pcapng/content.ts';
import { CaptureReader } from '../../src/pcapng/reader.ts';
import {
  attachmentBlocks,
  interfaceBlock,
  namesBlock,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../src/pcapng/writer.ts';
import { ethernet, ip, udp } from '../wire/frame.ts';

export const SNAPLEN = 262_144;
const BEGAN = 1_764_340_000_123_456_789n;

export const container: Described = {
  name: 'eth0@web',
  description: 'veth of docker:web',
  addresses: ['172.17.0.2/16', '2001:db8::2/64'],
  filter: 'udp port 53',
  comments: [],
};
export const uplink: Described = {
  name: 'eth0',
  description: null,
  addresses: [],
  filter: null,
  comments: ['behind NAT'],
};

export const frame = (text = 'hello'): Uint8Array =>
  ethernet(
    0x0800,
    ip({ source: '172.17.0.2', destination: '198.51.100.1' }, 17, udp(4000, 53, Buffer.from(text))),
  );

export const packet = (extra: Partial<SavedPacket> = {}): SavedPacket => {
  const bytes = extra.bytes ?? frame();
  return {
    on: 0,
    at: BEGAN,
    length: bytes.length,
    direction: null,
    id: null,
    lost: null,
    comments: [],
    ...extra,
    bytes,
  };
};

export const packets = [
  packet({ direction: 'out', id: 7n }),
  packet({
    on: 1,
    at: BEGAN + 21_001n,
    direction: 'out',
    id: 7n,
    lost: 3n,
    comments: ['dropped: NETFILTER_DROP', 'DOCKER-USER rule 1, written by hand'],
  }),
];

export const recording = { name: 'netdoctor/recording/1', text: '{"schema": "netdoctor/recording/1"}' };
export const names = [{ address: '172.17.0.2', names: ['web'] }];
export const statistics = { on: 1, from: BEGAN, until: BEGAN + 10n ** 9n, accepted: 1n, lost: 3n };

/** A file with one of everything. */
export const blocks: readonly Uint8Array[] = [
  sectionBlock('netdoctor 0.1.0', 'Linux 6.18'),
  interfaceBlock(container, LINK.ethernet, SNAPLEN),
  interfaceBlock(uplink, LINK.ethernet, SNAPLEN),
  namesBlock(names),
  ...packets.map(packetBlock),
  statisticsBlock(statistics),
  ...attachmentBlocks(recording),
];
export const sample = Buffer.concat(blocks);

export interface Read {
  readonly items: readonly Item[];
  /** Why it is not whole. */
  readonly incomplete: string | null;
  readonly malformed: string | null;
}

/** Reads a whole file, handed in in pieces of this many bytes. @throws whatever is no Malformed */
export function read(bytes: Uint8Array, piece = 65_536): Read {
  const reader = new CaptureReader();
  const items: Item[] = [];
  try {
    for (let at = 0; at < bytes.length; at += piece)
      for (const item of reader.feed(bytes.subarray(at, at + piece))) items.push(item);
    return { items, incomplete: reader.end(), malformed: null };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { items, incomplete: null, malformed: error.message };
  }
}
