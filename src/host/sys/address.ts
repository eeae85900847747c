/** Socket addresses in the kernel's layout: ip(7), ipv6(7). */
import ipaddr from 'ipaddr.js';

export const AF_INET = 2;
export const AF_INET6 = 10;

/** `address` may end in `%` and the number of its interface. */
export function sockaddr(address: string, port: number): Buffer {
  const [plain = '', zone] = address.split('%');
  const bytes = ipaddr.parse(plain).toByteArray();
  if (bytes.length === 4) {
    const out = Buffer.alloc(16);
    out.writeUInt16LE(AF_INET, 0);
    out.writeUInt16BE(port, 2);
    out.set(bytes, 4);
    return out;
  }
  const out = Buffer.alloc(28);
  out.writeUInt16LE(AF_INET6, 0);
  out.writeUInt16BE(port, 2);
  out.set(bytes, 8);
  if (zone !== undefined) out.writeUInt32LE(Number(zone), 24);
  return out;
}

export function fromSockaddr(bytes: Buffer): { address: string; port: number } {
  const family = bytes.readUInt16LE(0);
  const raw = family === AF_INET ? bytes.subarray(4, 8) : bytes.subarray(8, 24);
  return { address: ipaddr.fromByteArray([...raw]).toString(), port: bytes.readUInt16BE(2) };
}
