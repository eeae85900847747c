// netlink(7): struct nlmsghdr, and how messages stand one behind the other.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linksIn } from '../../../src/host/sockets/links.ts';
import { messages, withNetlink } from '../../../src/host/sockets/netlink.ts';
import { openPackets } from '../../../src/host/sockets/packet-socket.ts';
import { listenState } from '../../../src/host/sockets/state-listener.ts';
import { listenTrace } from '../../../src/host/sockets/trace-listener.ts';

const message = (type: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length, 0);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
};

test('messages stand one behind the other, each begun at a whole word', () => {
  const datagram = Buffer.concat([message(20, Buffer.from('abcde')), message(3, Buffer.from('f'))]);
  expect([...messages(datagram)]).toEqual([
    { type: 20, flags: 0, body: Buffer.from('abcde') },
    { type: 3, flags: 0, body: Buffer.from('f') },
  ]);
});

test.each([
  ['no length', 0],
  ['less than its own head', 15],
  ['more than there is', 200],
])('one that says %s ends them', (_, length) => {
  const wrong = message(20, Buffer.from('abcd'));
  wrong.writeUInt32LE(length, 0);
  expect([
    ...messages(Buffer.concat([message(3, Buffer.from('f')), wrong, message(3, Buffer.from('g'))])),
  ]).toEqual([{ type: 3, flags: 0, body: Buffer.from('f') }]);
});

test('whatever the bytes are, there is an end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => [...messages(Buffer.from(bytes))].length <= 25),
  );
});

test('the links of a namespace are asked of the kernel itself', () => {
  const links = linksIn(null);
  if (!links.known) throw new Error(links.detail);
  expect(links.value.find(({ ifindex }) => ifindex === 1)).toMatchObject({ name: 'lo', kind: 'loopback' });
});

const where = { inode: 1, path: '/run/netns/none-of-this-name' };
test.each([
  ['asks', () => withNetlink(where, [], () => 1)],
  ['hears of changes', () => listenState(where, () => {})],
  ['hears of rules', () => listenTrace(where, () => {})],
  ['sees packets', () => openPackets(where, { filter: '' }, () => {})],
])('a namespace that is not there has vanished for whoever %s there', (_, look) => {
  expect(look()).toMatchObject({
    because: 'vanished',
    detail: `cannot enter the network namespace ${where.path}: ENOENT`,
  });
});

test('what shows the same by hand is told with that', () => {
  expect(withNetlink(where, ['ip', 'link'], () => 1).source).toEqual(['ip', 'link']);
});

test('a part that the kernel has not is not supported', () => {
  expect(withNetlink(null, [], () => 1, 31)).toMatchObject({
    because: 'unsupported',
    detail: 'netlink socket: EPROTONOSUPPORT',
  });
});
