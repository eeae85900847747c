import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { errorDocument, jsonLine, jsonText } from '../../src/output/json.ts';
import { eventLine } from '../../src/output/ndjson.ts';
import { published } from '../../src/output/published.ts';
import { diagnosis, story } from '../repl/fixture/forwarding-off.ts';

describe('the diagnosis document', () => {
  it('has its keys in the published order, however it was put together', () => {
    const shuffled = Object.fromEntries(Object.entries(diagnosis).reverse()) as unknown as Diagnosis;
    expect(Object.keys(published(shuffled))).toEqual([
      'schema',
      'target',
      'flow',
      'status',
      'cause',
      'direction',
      'between',
      'partial',
      'path',
      'evidence',
      'findings',
      'repairs',
      'unknown',
      'summary',
      'sent',
      'answered',
      'milliseconds',
    ]);
    expect(Object.keys(published(shuffled).path[0]!)).toEqual([
      'id',
      'name',
      'where',
      'kind',
      'ifindex',
      'addresses',
      'mtu',
      'up',
      'captured',
      'request',
      'reply',
    ]);
  });

  it('gives commands as they are typed, in a namespace with their nsenter', () => {
    const [finding] = diagnosis.findings;
    const [fix] = finding!.fixes;
    const argv = ['ip', 'link', 'set', 'eth0', 'up'] as const;
    const inside = { argv, in: { inode: 1, path: '/run/netns/red' } };
    const file = { file: '/etc/sysctl.d/90-netdoctor.conf', before: null, after: 'a = 1\n', mode: '0644' };
    const changed: Diagnosis = {
      ...diagnosis,
      findings: [{ ...finding!, fixes: [{ ...fix!, apply: [{ run: inside }], persist: [file] }] }],
    };
    expect(published(changed).findings[0]!.fixes[0]).toEqual({
      id: '1',
      title: 'Turn IPv4 forwarding on',
      risk: 'safe',
      lasts: 'until reboot',
      affects: 'every interface of this host may forward, within what the firewall allows',
      confirm: null,
      apply: [{ run: ['nsenter', '--net=/run/netns/red', 'ip', 'link', 'set', 'eth0', 'up'] }],
      undo: [{ run: ['sysctl', '-w', 'net.ipv4.ip_forward=0'] }],
      persist: [file],
    });
  });

  it('carries the other family in the same form', () => {
    const both = published({ ...diagnosis, families: [diagnosis] });
    expect(both.families).toEqual([published(diagnosis)]);
    expect(published(diagnosis)).not.toHaveProperty('families');
  });
});

describe('JSON text', () => {
  it('is one document that ends its line', () => {
    const text = jsonText({ a: 1 });
    expect(text).toBe('{\n  "a": 1\n}\n');
    expect(jsonLine({ a: [1, 2] })).toBe('{"a":[1,2]}\n');
  });

  it('escapes whatever a terminal obeys, and loses nothing', () => {
    const evil = { name: 'a\u001b[2J\u009b31m\u202e\u2028b\u0007' };
    const text = jsonText(evil);
    expect(text.replaceAll('\n', '')).toMatch(/^[ -~]*$/);
    expect(JSON.parse(text)).toEqual(evil);
  });

  it('tells an error by code, message and hint', () => {
    const problem = { exit: 2, code: 'unknown-target', message: 'No.', hint: 'Do.' } as const;
    expect(errorDocument(problem)).toEqual({
      schema: 'netdoctor/error/1',
      code: 'unknown-target',
      message: 'No.',
      hint: 'Do.',
    });
  });
});

describe('NDJSON', () => {
  it('is a line an event, and the document last', () => {
    const lines = story.map(eventLine);
    for (const line of lines) expect(line).toMatch(/^[^\n]*\n$/);
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.slice(0, 3).map(({ type }) => type)).toEqual(['target', 'flow', 'path']);
    expect(parsed.at(-1)).toEqual(published(diagnosis));
  });
});
