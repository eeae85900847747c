/** Interfaces may be called anything without a blank or a stroke, and an alias may say anything at all. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { diagnose, netdoctor, UNPRINTABLE } from './attacked.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.up();
});
afterEach(() => lab?.down());

const NAMES = [
  'e\u001b]0;P\u0007',
  'e\u009d0;P\u009c',
  'ab\u202ecd',
  'zw\u200bx',
  'dev',
  'down',
  'nomaster',
  '$(id)',
] as const;

it.each(NAMES)('%j: no view writes it raw, it is told apart, and its fix is about it', async (name) => {
  await lab.run('A', ['ip', 'link', 'set', 'dev', 'eth0', 'down']);
  await lab.run('A', ['ip', 'link', 'set', 'dev', 'eth0', 'name', name]);
  const views = [
    await diagnose(lab, '--verbose'),
    await netdoctor(lab, ['containers']),
    await netdoctor(lab, ['map']),
    await netdoctor(lab, ['map', '--dot']),
    await netdoctor(lab, ['veth']),
    await diagnose(lab, '--json'),
  ];
  for (const { stdout, stderr } of views) expect(`${stdout}${stderr}`).not.toMatch(UNPRINTABLE);
  const mended = await netdoctor(lab, [
    ...['diagnose', `netns:${lab.names.A}`, '--to', '10.88.0.1', '--plain', '--fix=disruptive', '--yes'],
  ]);
  expect(mended.stdout).toContain('Done, as change 1');
  const { stdout } = await lab.run('A', ['ip', '-br', 'link', 'show', 'dev', name]);
  expect(String(stdout)).toMatch(/\bUP\b/);
  expect((await netdoctor(lab, ['undo', '1'])).exitCode).toBe(0);
  expect(String((await lab.run('A', ['ip', '-br', 'link', 'show', 'dev', name])).stdout)).not.toMatch(
    /\bUP\b/,
  );
});
