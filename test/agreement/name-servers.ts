/** Real name servers of the agreement: they answer as their zone says, and write down what they were asked. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { NameQuestion, Transport } from '../../src/model/look-up.ts';
import { type Server, said } from './zone.ts';

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };

export class NameServers {
  /** Everything asked since it was last emptied. */
  readonly asked: NameQuestion[] = [];
  #servers: readonly Server[] = [];

  /** Takes on what the servers are to say from now on. */
  play(servers: readonly Server[]): void {
    this.#servers = servers;
    this.asked.length = 0;
  }

  async listen(addresses: readonly string[]): Promise<void> {
    await Promise.all(addresses.flatMap((address) => [this.#udp(address), this.#tcp(address)]));
  }

  #udp(address: string): Promise<void> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (bytes, from) => {
      this.#answer(address, bytes, 'udp', (answer) => socket.send(answer, from.port, from.address));
    });
    return new Promise((resolve) => socket.bind(53, address, () => resolve()));
  }

  #tcp(address: string): Promise<void> {
    const server = createServer((client) => {
      let got = Buffer.alloc(0);
      client.on('error', () => client.destroy());
      client.on('data', (more) => {
        got = Buffer.concat([got, more]);
        while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
          const length = got.readUInt16BE(0);
          // A silent one hangs up: a connection that only waits would be waited for without end.
          if (this.#servers.some((one) => one.address === address && one.state === 'silent'))
            client.destroy();
          this.#answer(address, got.subarray(2, 2 + length), 'tcp', (answer) => {
            const size = Buffer.alloc(2);
            size.writeUInt16BE(answer.length);
            client.write(Buffer.concat([size, answer]));
          });
          got = got.subarray(2 + length);
        }
      });
    });
    return new Promise((resolve) => server.listen(53, address, () => resolve()));
  }

  #answer(address: string, bytes: Buffer, transport: Transport, send: (answer: Buffer) => void): void {
    const { name, type, end } = readQuestion(bytes);
    const server = this.#servers.find((one) => one.address === address);
    const known = TYPES[type];
    if (!server || !known) return;
    this.asked.push({ server: address, name, type: known, transport });
    if (server.state !== 'answers') return;
    const { rcode, truncated, lame, addresses } = said(server, { name, type: known, transport });
    const header = Buffer.alloc(12);
    bytes.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8100 | (lame ? 0 : 0x80) | (truncated ? 0x200 : 0) | rcode, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((one) => {
      const data = Buffer.from(ipaddr.parse(one).toByteArray());
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(5, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    const answer = Buffer.concat([header, bytes.subarray(12, end), ...records]);
    if (server.delay > 0) setTimeout(() => send(answer), server.delay);
    else send(answer);
  }
}

function readQuestion(bytes: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), type: bytes.readUInt16BE(at + 1), end: at + 5 };
}
