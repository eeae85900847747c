// A recorded diagnosis as a capture file: its packets as journeys, why they were lost, and all it takes to judge it again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnosisBlocks } from '../../../src/capture/save/diagnosis.ts';
import { fromText, toText } from '../../../src/host/record/recording.ts';
import { LINK, type Packet } from '../../../src/pcapng/content.ts';
import { read } from '../../pcapng/sample.ts';
import { tellAgain } from '../../recordings/replay.ts';

const runs = join(import.meta.dirname, '../../recordings/runs');

async function saved(name: string) {
  const recording = fromText(readFileSync(join(runs, `${name}.json`), 'utf8'));
  const { events } = await tellAgain(recording);
  const target = events.find((event) => event.type === 'target')!.target;
  const { diagnosis } = events.find((event) => event.type === 'diagnosis')!;
  const offset = 1_764_340_000_000_000_000n;
  const blocks = diagnosisBlocks({
    diagnosis,
    target,
    recording,
    offset,
    application: 'netdoctor',
    os: 'Linux',
  });
  const file = read(Buffer.concat(blocks));
  expect([file.malformed, file.incomplete]).toEqual([null, null]);
  const items = <T extends (typeof file.items)[number]['type']>(type: T) =>
    file.items.filter(
      (item): item is Extract<(typeof file.items)[number], { type: T }> => item.type === type,
    );
  const names = items('interface').map(({ name }) => name);
  const packets = items('packet');
  const ids = [...new Set(packets.map(({ id }) => id))];
  const way = (id: bigint | null) => packets.filter((one) => one.id === id).map(({ on }) => names[on]);
  const ways = ids.map((id) => way(id).join(' '));
  return { recording, target, diagnosis, items, names, ways };
}

const said = (packets: readonly Packet[]): string[] => packets.flatMap(({ comments }) => comments);

describe('a healthy one', () => {
  test('has each packet at each hop, in one link type and snaplen, and no complaint', async () => {
    const { items, names, ways, target, recording } = await saved('healthy');
    const [eth0, ...others] = names;
    expect(eth0).toBe(`eth0@${target.name}`);
    // Recorded by an engine that had no stamps of the kernel: an answer may be told at eth0 first.
    expect(ways).toContain([eth0, ...others].join(' '));
    expect(new Set(items('interface').map(({ link, snaplen }) => `${link} ${snaplen}`))).toEqual(
      new Set([`${LINK.ethernet} 262144`]),
    );
    expect(said(items('packet'))).toEqual([]);
    expect(items('statistics').map(({ accepted }) => Number(accepted))).toEqual(
      names.map((_, at) => items('packet').filter(({ on }) => on === at).length),
    );
    expect(items('attachment')).toEqual([
      { type: 'attachment', name: 'netdoctor/recording/1', text: toText(recording) },
    ]);
    expect(items('names')[0]!.names[0]!.names).toEqual([target.name]);
  });
});

test.each([
  [
    'firewall-rule-drop',
    /^dropped: NETFILTER_DROP at nft_do_chain$/,
    /^drop by (nft|iptables-nft) ip filter DOCKER-USER 1: .* \(written by hand\)$/,
  ],
  ['ip-forward-off', /^dropped: IP_INADDRERRORS at ip_error$/, null],
])('%s: beside the last sighting stands why', async (name, drop, rule) => {
  const { items, names, diagnosis } = await saved(name);
  const last = diagnosis.path.findIndex(({ id }) => id === diagnosis.between?.[0]);
  const told = items('packet').filter(({ comments }) => comments.length > 0);
  expect(told.length).toBeGreaterThan(0);
  for (const { on } of told) expect(names[on]!.split('@')[0]).toBe(diagnosis.path[last]!.name);
  expect(said(told)).toEqual(expect.arrayContaining([expect.stringMatching(drop), diagnosis.summary]));
  if (rule) expect(said(told)).toEqual(expect.arrayContaining([expect.stringMatching(rule)]));
  // Those that let it pass are no reason.
  expect(said(told).filter((one) => /^(accept|jump)/.test(one))).toEqual([]);
  expect(items('section')[0]!.comments).toEqual([diagnosis.summary]);
});
