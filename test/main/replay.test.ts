// `netdoctor replay` before files of anybody: shown, judged, or refused with the reason; nothing of this machine is touched.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fromText } from '../../src/host/record/recording.ts';
import { replayer } from '../../src/host/replayer.ts';
import { parseArguments } from '../../src/main/arguments.ts';
import { questionOf } from '../../src/main/question.ts';
import { commands } from '../../src/main/registry.ts';
import { report } from '../../src/main/report.ts';
import { keeping } from '../../src/main/save-diagnosis.ts';
import { Failure } from '../../src/model/failure.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { attachmentBlocks, interfaceBlock, packetBlock, sectionBlock } from '../../src/pcapng/writer.ts';
import { packet, sample, uplink } from '../pcapng/sample.ts';
import { bareScreen } from './bare-screen.ts';

const folder = mkdtempSync(join(tmpdir(), 'netdoctor-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const told = { out: '', err: '' };
  const add = (to: 'out' | 'err') => (text: string) => {
    told[to] += text;
  };
  const screen = bareScreen(add('out'), add('err'));
  const machine = (): never => {
    throw new Error('no machine is asked');
  };
  try {
    const call = parseArguments(argv, commands);
    if (call.type !== 'run') throw new Error('it is no call');
    const { words, options, command } = call;
    const code = await command.run(
      { words, options, screen, signal: new AbortController().signal, machine },
      commands,
    );
    return { ...told, code, problem: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...told, code: error.problem.exit, problem: error.problem };
  }
}

let files = 0;
function file(bytes: Uint8Array | string): string {
  const name = join(folder, `${++files}.pcapng`);
  writeFileSync(name, bytes);
  return name;
}

const plain = [sectionBlock('other', null), interfaceBlock(uplink, LINK.ethernet, 0), packetBlock(packet())];
const withRecording = (text: string): string =>
  file(Buffer.concat([...plain, ...attachmentBlocks({ name: 'netdoctor/recording/1', text })]));

describe('a file of another program', () => {
  test('is shown, and its packets are told of', async () => {
    const { code, out } = await run('replay', file(Buffer.concat(plain)));
    expect(code).toBe(0);
    expect(out).toMatch(/eth0 {2}IP 172\.17\.0\.2\.4000 > 198\.51\.100\.1\.53: /);
    expect(out).toContain('1 frame at eth0, written by other\n');
    expect(out).toContain(
      'udp 172.17.0.2.4000 > 198.51.100.1.53: 1 packet from 172.17.0.2.4000, and 198.51.100.1.53 never answered',
    );
  });

  test('as tcpdump’s hands type it', async () => {
    const name = file(Buffer.concat(plain));
    expect((await run('capture', '-r', name, '-q')).out).toBe((await run('replay', name, '--quiet')).out);
    expect(await run('capture', '-r', name, 'web')).toMatchObject({
      code: 2,
      problem: { code: 'filter-without-use' },
    });
  });

  test('holds no diagnosis', async () => {
    expect(await run('replay', file(Buffer.concat(plain)), '--json')).toMatchObject({
      code: 3,
      out: '',
      problem: { code: 'no-recording' },
    });
  });

  test('cut short is shown as far as it goes, and said to be incomplete', async () => {
    const { code, out } = await run('replay', file(Buffer.concat([...plain, plain[2]!.subarray(0, 20)])));
    expect(code).toBe(0);
    expect(out).toMatch(
      /IP 172.*\n1 frame at eth0, written by other\nThe file is incomplete: it ends within a record/,
    );
  });

  test('that breaks a rule is shown up to there', async () => {
    const { code, out, problem } = await run('replay', file(Buffer.concat([...plain, Buffer.alloc(16)])));
    expect(out).toContain('IP 172.17.0.2.4000');
    expect([code, problem?.message]).toEqual([
      3,
      expect.stringMatching(/cannot be read to its end: a block of 0 bytes cannot be, at byte \d+\.$/),
    ]);
  });

  test('what a stranger wrote in it moves no cursor', async () => {
    const evil = [sectionBlock('other', null), interfaceBlock(uplink, LINK.ethernet, 0)];
    const block = Buffer.from(packetBlock(packet({ comments: ['see XXXX[2J'] })));
    block.write('\u001b', block.indexOf('XXXX'));
    const { out } = await run('replay', file(Buffer.concat([...evil, block])));
    expect(out).toContain('see XXX[2J');
    expect(out).not.toContain('\u001b');
  });
});

describe('refused', () => {
  test.each([
    ['what is not there', () => join(folder, 'none')],
    ['a device', () => '/dev/zero'],
    ['a folder', () => folder],
    [
      'a FIFO, which nobody writes',
      () => {
        const name = join(folder, 'fifo');
        execFileSync('mkfifo', [name]);
        return name;
      },
    ],
  ])('%s', async (_, name) => {
    expect(await run('replay', name())).toMatchObject({ code: 2, problem: { code: 'no-file' } });
  });

  test.each(['', 'hello, this is a text'])('no capture: %j', async (text) => {
    expect(await run('replay', file(text))).toMatchObject({
      code: 3,
      problem: { code: 'malformed-capture' },
    });
  });
});

describe('a recording inside', () => {
  const recorded = readFileSync(join(import.meta.dirname, '../recordings/runs/ip-forward-off.json'), 'utf8');

  test('is judged again, and its verdict decides the exit code', async () => {
    const name = withRecording(recorded);
    const text = await run('replay', name);
    expect(text.code).toBe(1);
    expect(text.out).toContain('IPv4 forwarding is off');
    const json = await run('replay', name, '--json');
    expect([json.code, JSON.parse(json.out)]).toEqual([
      1,
      expect.objectContaining({ cause: 'ip-forward-off' }),
    ]);
  });

  test.each([
    [
      'of another command',
      JSON.stringify({ ...JSON.parse(recorded), argv: ['undo', '--all'] }),
      'it is of no diagnosis',
    ],
    [
      'of a wrong call',
      JSON.stringify({ ...JSON.parse(recorded), argv: ['web', '--nonsense'] }),
      'Unknown option',
    ],
    ['that is no JSON', 'no', 'JSON'],
    [
      'of another schema',
      '{"schema": "other/1", "told": [], "asked": [], "names": [], "marks": []}',
      'no recording of netdoctor',
    ],
    ['that holds nothing', '{"schema": "netdoctor/recording/1"}', ''],
  ])('%s is not used', async (_, text, why) => {
    const { code, problem, out } = await run('replay', withRecording(text));
    expect(out).toContain('IP 172.17.0.2.4000');
    expect([code, problem?.code]).toEqual([3, 'unusable-recording']);
    expect(problem?.message).toContain(why);
  });

  test('repairs nothing, whatever the recorded call says', async () => {
    const text = JSON.parse(recorded);
    const { code, out } = await run(
      'replay',
      withRecording(JSON.stringify({ ...text, argv: [...text.argv, '--fix', '--yes'] })),
    );
    expect(code).toBe(1);
    expect(out).not.toContain('repaired');
  });

  test('is judged again where Docker’s client called the netdoctor that saved it', async () => {
    const name = join(folder, 'saved.pcapng');
    const recording = fromText(recorded);
    const { argv } = process;
    try {
      process.argv = ['node', '/plugins/docker-netdoctor', 'netdoctor', ...recording.argv, '--save', name];
      const kept = keeping(replayer(recording), name);
      const call = parseArguments(recording.argv, commands);
      if (call.type !== 'run') throw new Error('it is no call');
      const question = await questionOf(call.words[0] ?? '', call.options, kept.machine);
      const { signal } = new AbortController();
      const screen = bareScreen(
        () => {},
        () => {},
      );
      await report({
        machine: kept.machine,
        question,
        screen,
        signal,
        as: 'text',
        all: false,
        redact: false,
        learn: kept.learn,
      });
      await kept.write();
    } finally {
      process.argv = argv;
    }
    expect(await run('replay', name, '--json')).toMatchObject({ code: 1, problem: null });
  });

  test('of a file with one of everything is none, and is refused', async () => {
    expect(await run('replay', file(sample))).toMatchObject({
      code: 3,
      problem: { code: 'unusable-recording' },
    });
  });
});
