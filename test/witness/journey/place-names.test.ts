// Kernels that print addresses for the functions of their drops: 5.10 real ones, 6.1 hashed ones.
import { expect, test } from 'vitest';
import type { Machine } from '../../../src/host/machine.ts';
import { type Naming, namingOf } from '../../../src/host/trace/naming.ts';
import { known } from '../../../src/model/answer.ts';
import { stackReader, symbolAt } from '../../../src/witness/journey/place-names.ts';
import { armJourney } from '../../../src/witness/journey.ts';
import { hopsOf } from '../paths.ts';

const FORMAT_5_10 =
  'print fmt: "skbaddr=%p protocol=%u location=%p", REC->skbaddr, REC->protocol, REC->location';
const FORMAT_6_1 = 'print fmt: "skbaddr=%p protocol=%u location=%p reason: %s", REC->skbaddr, REC->protocol';
const FORMAT_6_18 = 'print fmt: "skbaddr=%p rx_sk=%p protocol=%u location=%pS reason: %s", REC->skbaddr';
const KALLSYMS = [
  'ffffffff81766000 T ip_local_deliver',
  'ffffffff81766600 t ip_error',
  'ffffffff81766800 T ip_rt_send_redirect',
  'ffffffff82000000 D some_data',
].join('\n');

test('what a kernel prints for a function', () => {
  expect(namingOf(FORMAT_5_10, false)).toBe('address');
  expect(namingOf(FORMAT_6_1, true)).toBe('stack');
  expect(namingOf(FORMAT_6_18, true)).toBe('told');
});

test('a real address lies in a function; a hashed or hidden one in none', () => {
  const shown = Buffer.from(KALLSYMS);
  const hidden = Buffer.from(KALLSYMS.replaceAll(/^\w{16}/gm, '0000000000000000'));
  expect(symbolAt(shown, 'ffffffff8176671d')).toBe('ip_error');
  expect(symbolAt(shown, '00000000f49a23da')).toBeUndefined();
  expect(symbolAt(hidden, 'ffffffff8176671d')).toBeUndefined();
  expect(symbolAt(shown, 'unknown')).toBeUndefined();
  // User-Mode Linux has its code where others have programs.
  const low = Buffer.from(KALLSYMS.replaceAll('ffffffff8', '000000006'));
  expect(symbolAt(low, '000000006176671d')).toBe('ip_error');
  expect(symbolAt(low, '00000000f49a23da')).toBeUndefined();
});

test('the stack names the function that gave the packet up', () => {
  const named: string[] = [];
  const read = stackReader((of, place) => named.push(`${of.pid}/${of.cpu} ${place}`));
  for (const line of [
    '          <idle>-0       [001] ..s1.  2006.465862: <stack trace>',
    ' => trace_event_raw_event_kfree_skb',
    ' => kfree_skb_reason',
    ' => kfree_skb',
    ' => napi_get_frags_check',
    ' => ip_error.constprop.0',
    ' => ip_rcv_finish',
  ])
    read(line);
  expect(named).toEqual(['0/1 ip_error']);
});

test('what took the stack is no function of the packet’s', () => {
  const named: string[] = [];
  const read = stackReader((_, place) => named.push(place));
  // User-Mode Linux 6.1, forwarding switched off.
  for (const line of [
    '            node-168     [000] .ns1.    84.246594: <stack trace>',
    ' => save_stack_trace',
    ' => stack_trace_save',
    ' => __ftrace_trace_stack',
    ' => __trace_stack',
    ' => stacktrace_trigger',
    ' => event_triggers_post_call',
    ' => trace_event_buffer_commit',
    ' => trace_event_raw_event_kfree_skb',
    ' => __traceiter_kfree_skb',
    ' => kfree_skb_reason',
    ' => ip_error',
    ' => ip_rcv_finish',
  ])
    read(line);
  expect(named).toEqual(['ip_error']);
});

/** One SYN of 60 bytes from the container, dropped behind br0, as a kernel of that naming prints it. */
function journeyOf(naming: Naming, freed: readonly string[]) {
  let hear: (line: string) => void = () => {};
  const machine = { pid: 7, read: () => known(KALLSYMS, []) } as unknown as Machine;
  const instance = {
    naming,
    withoutDrops() {},
    listen: (_plan: unknown, onLine: (line: string) => void) => {
      hear = onLine;
      return known(undefined, []);
    },
    stop: async () => {},
  };
  const armed = armJourney(machine, instance, {
    path: { hops: hopsOf('outside') } as never,
    family: 4,
    probes: [{ probe: 0, length: 300, own: true }],
    onChange: () => {},
  });
  if (!armed.known) throw new Error(armed.detail);
  armed.value.sent(0, 1_000_000_000n, 1_000_000_000n);
  const lines = [
    ' node-7 [000] ..... 1.000010: net_dev_queue: dev=eth0 skbaddr=00000000aa len=314',
    ' node-7 [000] ..... 1.000012: netif_receive_skb: dev=vetha skbaddr=00000000aa len=300',
    ' node-7 [000] ..... 1.000014: netif_receive_skb: dev=br0 skbaddr=00000000aa len=300',
    ...freed,
  ];
  for (const line of lines) hear(line);
  return armed.value.read([], new Set()).drops;
}

test('5.10: no reason, and the address named by the symbols', () => {
  const drops = journeyOf('address', [
    ' node-7 [000] ..s1. 1.000020: kfree_skb: skbaddr=00000000aa protocol=2048 location=ffffffff8176671d',
  ]);
  expect(drops).toMatchObject([{ reason: 'NOT_SPECIFIED', function: 'ip_error', hop: 'host/br0' }]);
});

test('6.1: a hashed address is no name, and the stack behind it tells', () => {
  const freed =
    ' node-7 [000] ..s1. 1.000020: kfree_skb: skbaddr=00000000aa protocol=2048 location=00000000f49a23da reason: NOT_SPECIFIED';
  expect(journeyOf('stack', [freed])).toMatchObject([{ reason: 'NOT_SPECIFIED', function: 'unknown' }]);
  const stack = [' node-7 [000] ..s1. 1.000021: <stack trace>', ' => kfree_skb_reason', ' => nf_hook_slow'];
  expect(journeyOf('stack', [freed, ...stack])).toMatchObject([{ function: 'nf_hook_slow' }]);
  const elsewhere = [
    ' node-7 [001] ..s1. 1.000021: <stack trace>',
    ' => kfree_skb',
    ' => unix_dgram_sendmsg',
  ];
  expect(journeyOf('stack', [freed, ...elsewhere])).toMatchObject([{ function: 'unknown' }]);
});
