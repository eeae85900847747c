// A diagnosis saved on one host is judged again on any other, without root and without its network: the same verdict.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packetsOf, readCapture, recordingOf } from './captured.ts';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());
const away = mkdtempSync(join(tmpdir(), 'netdoctor-away-'));
afterAll(() => rmSync(away, { recursive: true, force: true }));

let files = 0;

/** Asks with --save in the lab, and then the file elsewhere, as nobody in particular. */
async function savedAndReplayed(words: readonly string[]) {
  const file = join(lab.folder, `saved-${++files}.pcapng`);
  const live = await lab.run('host', [program, `netns:${lab.names.A}`, ...words, '--save', file, '--json'], {
    reject: false,
  });
  const copy = join(away, 'copy.pcapng');
  copyFileSync(file, copy);
  chmodSync(away, 0o755);
  chmodSync(copy, 0o644);
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', program, 'replay', copy];
  const json = await lab.run('LAN', [...nobody, '--json'], { reject: false });
  const text = await lab.run('LAN', nobody, { reject: false });
  return { file, live, json, text };
}

const verdict = (text: string) => {
  const { status, cause, between, direction, summary, path } = JSON.parse(text);
  return {
    status,
    cause,
    between,
    direction,
    summary,
    hops: path.map(({ id, request, reply }: Record<string, unknown>) => ({ id, request, reply })),
  };
};

describe.each([
  ['healthy', ['--to', '198.51.100.1'], '', ''],
  [
    'forwarding is off',
    ['--to', '198.51.100.1'],
    'sysctl -qw net.ipv4.ip_forward=0',
    'sysctl -qw net.ipv4.ip_forward=1',
  ],
  [
    'a rule drops it',
    ['--to', '198.51.100.1:80'],
    'iptables -I FORWARD -s 10.88.0.2 -p tcp --dport 80 -j DROP',
    'iptables -D FORWARD -s 10.88.0.2 -p tcp --dport 80 -j DROP',
  ],
  ['nobody answers', ['--to', '198.51.100.99', '--wait', '0.3'], '', ''],
])('%s', (name, words, inject, repair) => {
  test('the replay gives the live verdict', async () => {
    if (inject !== '') await lab.step({ in: 'host', sh: inject });
    const { live, json, text, file } = await savedAndReplayed(words).finally(() =>
      lab.step({ in: 'host', sh: repair }),
    );
    expect(live.stderr).toBe('');
    expect(verdict(json.stdout)).toEqual(verdict(live.stdout));
    expect(json.exitCode).toBe(live.exitCode);
    expect(text.exitCode).toBe(live.exitCode);
    expect(text.stdout.replace(/\n {2}/g, ' ')).toContain(JSON.parse(live.stdout).summary);
    expect(text.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{6} Out eth0@\S+ → vetha/m);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const saved = readCapture(file);
    expect([saved.malformed, saved.incomplete]).toEqual([null, null]);
    expect(recordingOf(saved)).not.toContain(file);
    if (name === 'a rule drops it') {
      const said = packetsOf(saved).flatMap(({ comments }) => comments);
      expect(said).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^dropped: NETFILTER_DROP at /),
          expect.stringMatching(/FORWARD 1: .*DROP.* \(written by hand\)$/),
        ]),
      );
    }
    // tcpdump reads it, which takes one link type and snaplen.
    expect(
      execFileSync('tcpdump', ['-nr', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .trim()
        .split('\n'),
    ).toHaveLength(packetsOf(saved).length);
  });
});

test('a file that is there already is not written over, and one of which nothing came is not left', async () => {
  const file = join(lab.folder, 'mine.pcapng');
  const ask = (target: string) => lab.run('host', [program, target, '--save', file], { reject: false });
  const none = await ask('netns:nobody-here');
  expect([none.exitCode, existsSync(file)]).toEqual([2, false]);
  await lab.run('host', ['bash', '-c', `echo mine >"${file}"`]);
  const there = await ask(`netns:${lab.names.A}`);
  expect([there.exitCode, there.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  expect(readFileSync(file, 'utf8')).toBe('mine\n');
});
