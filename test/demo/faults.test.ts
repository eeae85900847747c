/** What every file of src/demo/faults promises, asked of each. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIRST, faultNamed, faults } from '../../src/demo/catalogue.ts';
import { questionLine, questionOf } from '../../src/demo/fault.ts';
import { Failure } from '../../src/model/failure.ts';
import { VOCABULARY } from '../causes/vocabulary.ts';
import { demoNetwork as net } from './network.ts';

const folder = new URL('../../src/demo/faults/', import.meta.url);

describe.each(faults)('$id', (fault) => {
  it('is the cause that its file is named after', () => {
    expect(readdirSync(folder)).toContain(`${fault.id}.ts`);
    expect(VOCABULARY).toContain(fault.id);
    for (const id of fault.alsoRight ?? []) expect(VOCABULARY).toContain(id);
  });

  it('tells what happens in lines that fit a terminal', () => {
    expect(fault.title).not.toMatch(/\.$/);
    expect(fault.lecture.length).toBeGreaterThan(80);
    for (const line of fault.lecture.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('breaks the network by argument lists, without a shell', () => {
    for (const { argv } of fault.inject(net)) {
      expect(argv[0]).toMatch(/^(ip|ping|bridge|tc|nft|sysctl|iptables|iptables-legacy)$/);
      for (const word of argv) expect(word).not.toMatch(/undefined|\n/);
    }
  });

  it('changes something, or asks for what the network never gives', () => {
    const asked = questionOf(fault, net);
    expect(fault.inject(net).length > 0 || asked.to !== net.internet.address).toBe(true);
  });
});

describe('the catalogue', () => {
  it('knows every file once, and what a bare demo breaks', () => {
    expect(faults.map(({ id }) => `${id}.ts`).sort()).toEqual(readdirSync(folder).sort());
    expect(faultNamed(FIRST).id).toBe(FIRST);
  });

  it('offers near names for one that it does not know', () => {
    const attempt = () => faultNamed('forward-drop');
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(/forward-drop/);
    try {
      attempt();
    } catch (error) {
      expect((error as Failure).problem).toMatchObject({ exit: 2, code: 'unknown-demo' });
      expect((error as Failure).problem.hint).toMatch(/forward-policy-drop/);
    }
    expect(() => faultNamed('xyz')).toThrow(/xyz/);
  });
});

it('shows the question as a person would type it', () => {
  expect(questionLine(questionOf(faultNamed('output-rule-drop'), net)).join(' ')).toBe(
    'netdoctor diagnose netns:web --from host --to 172.18.0.2',
  );
  expect(questionLine(questionOf(faultNamed('dns-resolver-silent'), net)).join(' ')).toBe(
    'netdoctor diagnose netns:web --to 198.51.100.53 --proto dns',
  );
});
