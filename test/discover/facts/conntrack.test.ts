import { expect, test } from 'vitest';
import { parseTracked } from '../../../src/discover/parse/conntrack.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const ICMP =
  'icmp     1 29 src=10.88.0.2 dst=198.51.100.1 type=8 code=0 id=10337 [UNREPLIED] src=198.51.100.1 dst=192.0.2.1 type=0 code=0 id=10337 mark=0 use=1';
const TCP =
  'tcp      6 431999 ESTABLISHED src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=80 src=10.88.0.3 dst=10.88.0.2 sport=8080 dport=40000 [ASSURED] mark=0 use=1';
const ASK = 'conntrack -L -f ipv4 -p icmp -d 198.51.100.1 -s 10.88.0.2';

test('an entry has the tuple it began with and the one its replies must have', () => {
  expect(parseTracked(ICMP)).toMatchObject({
    proto: 'icmp',
    original: { source: '10.88.0.2', destination: '198.51.100.1', sourcePort: null },
    reply: { source: '198.51.100.1', destination: '192.0.2.1' },
    flags: ['UNREPLIED'],
  });
  expect(parseTracked(TCP)).toMatchObject({
    original: { sourcePort: 40000, destinationPort: 80 },
    reply: { source: '10.88.0.3', destination: '10.88.0.2', sourcePort: 8080, destinationPort: 40000 },
    flags: ['ASSURED'],
  });
});

test('the same entry of /proc reads the same', () => {
  const { text, ...entry } = parseTracked(`ipv4     2 ${ICMP}`)!;
  expect(parseTracked(ICMP)).toMatchObject(entry);
  expect(text).toMatch(/^icmp 1 29 src=/);
});

test('what is no entry is none', () => {
  expect(parseTracked('')).toBeNull();
  expect(parseTracked('conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.')).toBeNull();
});

test('the table is asked for this flow alone', async () => {
  const conntrack = await value('conntrack', healthy(), {
    run: { [ASK]: `${ICMP}\n` },
    files: {
      '/proc/sys/net/netfilter/nf_conntrack_count': '7\n',
      '/proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
    },
  });
  expect(conntrack).toMatchObject({ count: 7, max: 262144, entries: [{ proto: 'icmp' }] });
});

test('IPv6 has names of its own', async () => {
  const { machine } = await gathered('conntrack', healthy('outside', 6), {});
  expect(machine.asked[0]).toBe('conntrack -L -f ipv6 -p icmpv6 -d 2001:db8:f::1 -s fd00:88::2');
});

test('without the tool the kernel’s own table is read, and other people’s entries are left out', async () => {
  const other = ICMP.replaceAll('10.88.0.2', '10.88.0.9');
  const conntrack = await value('conntrack', healthy(), {
    files: { '/proc/net/nf_conntrack': `ipv4     2 ${other}\nipv4     2 ${ICMP}\n` },
  });
  expect(conntrack.entries.map((entry) => entry.original.source)).toEqual(['10.88.0.2']);
  expect(conntrack).toMatchObject({ count: null, max: null });
});

test('without either it is not known', async () => {
  const { answer } = await gathered('conntrack', healthy(), {});
  expect(answer).toMatchObject({ known: false, because: 'no-such-tool' });
});

test('the kernel itself is asked for the entries, and no program then', async () => {
  const { machine, answer } = await gathered('conntrack', healthy(), {
    kernel: { 'tracked 4 icmp 10.88.0.2 198.51.100.1': [ICMP] },
  });
  expect(answer).toMatchObject({ value: { entries: [{ flags: ['UNREPLIED'] }] }, source: ASK.split(' ') });
  expect(machine.asked.filter((line) => !line.startsWith('read '))).toEqual([]);
});
