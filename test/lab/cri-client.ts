/** What kubelet says to a CRI: one call of gRPC over HTTP/2, in the words of cri-api, pkg/apis/runtime/v1/api.proto. */
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';

/** A message of protobuf: numbers of fields, and what is in them. Undefined is left out. */
export interface Message {
  readonly [field: number]: string | number | Message | readonly Message[] | undefined;
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];

/** protobuf.dev/programming-guides/encoding: numbers as varints, all else with its length before it. */
export function encoded(message: Message): Buffer {
  const parts = Object.entries(message).flatMap(([field, content]: [string, Message[number]]): Buffer[] => {
    if (content === undefined) return [];
    if (Array.isArray(content)) return content.map((one) => encoded({ [field]: one as Message }));
    const key = (wire: number): number[] => varint((Number(field) << 3) | wire);
    if (typeof content === 'number') return [Buffer.from([...key(0), ...varint(content)])];
    const bytes = typeof content === 'string' ? Buffer.from(content) : encoded(content as Message);
    return [Buffer.from([...key(2), ...varint(bytes.length)]), bytes];
  });
  return Buffer.concat(parts);
}

/** Calls `RunPodSandbox` and the like. Resolves to the bytes of the answer. @throws with what the CRI said against it */
export function call(socket: string, method: string, request: Message): Promise<Buffer> {
  const message = encoded(request);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const session = connectHttp2('http://localhost', { createConnection: () => connect(socket) });
  return new Promise<Buffer>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: `/runtime.v1.RuntimeService/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const got: Buffer[] = [];
    let status: Record<string, unknown> = {};
    stream.on('response', (headers) => Object.assign(status, headers));
    stream.on('trailers', (headers) => {
      status = { ...status, ...headers };
    });
    stream.on('data', (bytes: Buffer) => got.push(bytes));
    stream.on('error', reject);
    stream.on('end', () => {
      if (String(status['grpc-status']) === '0') resolve(Buffer.concat(got).subarray(5));
      else
        reject(new Error(`${method}: ${decodeURIComponent(String(status['grpc-message'] ?? 'no answer'))}`));
    });
    stream.end(Buffer.concat([head, message]));
  }).finally(() => session.close());
}
