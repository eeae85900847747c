import { expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { converse, settle } from './conversation.ts';
import { until } from './terminal.ts';

test('a picture that cannot be drawn ends the conversation, and the terminal is as it was', async () => {
  const broken = { type: 'path', path: { hops: null } } as unknown as Event;
  const { terminal, ended } = converse(80, 24, { events: [...story.slice(0, 2), broken, null] });
  await expect(ended).rejects.toThrow();
  expect(terminal.raw()).toBe(false);
  expect(terminal.bytes().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(
    terminal.bytes().lastIndexOf('\u001b[?2004h'),
  );
});

test('an engine that fails is a problem on the screen, and the prompt stays', async () => {
  const { terminal, told, ended } = converse(80, 24, { events: healthyStory });
  await until(terminal, (all) => all.some((row) => row.startsWith('✓ web reaches')), 'the verdict');
  told.around.diagnose = async function* () {
    yield story[0]!;
    throw new Error('the sky fell');
  };
  terminal.type('check\r');
  await until(
    terminal,
    (all) => all.some((row) => row.includes('netdoctor failed: the sky fell')),
    'the problem',
  );
  terminal.type('\u0004');
  await ended;
});

test('names from strangers write no control character, whatever they are called', async () => {
  const evil = 'web\u001b]0;title\u0007\u001b[2J\u009b5n\u202e';
  const target = story[0]!;
  if (target.type !== 'target') throw new Error('the story begins with the target');
  const events: Event[] = [
    { type: 'target', target: { ...target.target, name: evil, about: evil } },
    ...story.slice(1, 12),
    { type: 'waiting', what: evil, milliseconds: 5000 },
  ];
  const { terminal, ended } = converse(80, 24, { events: [...events, null], target: evil });
  await until(terminal, (all) => all.some((row) => row.includes('Waiting for')), 'the wait');
  await settle();
  const bytes = terminal.bytes();
  expect(bytes).not.toContain('\u0007');
  expect(bytes).not.toContain('\u001b]');
  expect(bytes).not.toContain('\u001b[2J');
  expect(bytes).not.toMatch(/[\u0080-\u009f\u202e]/);
  terminal.type('\u0003\u0003');
  await ended;
});

test('ten thousand events are drawn in few frames, and leave the scrollback alone', async () => {
  const many = Array.from({ length: 500 }, () => story.slice(2, -1)).flat();
  const { terminal, ended } = converse(80, 24, { events: [...story.slice(0, 2), ...many, story.at(-1)!] });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  const all = await terminal.all();
  expect(all.filter((row) => row.includes('veth6a383f2'))).toHaveLength(1);
  // Drawn at the pace of the eye, not at that of the events.
  expect(terminal.bytes().split('\u001b[?2026h').length).toBeLessThan(200);
  terminal.type('\u0004');
  await ended;
});
