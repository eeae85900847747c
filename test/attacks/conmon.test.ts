/** Whoever calls himself conmon is not believed: root opens nothing that he names, and runs nothing that he is called. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { besideStranger } from './stranger.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const beside = (claim: { name: string; pidFile: string }, work: string) =>
  lab.step({ in: 'host', sh: besideStranger(claim, work) });

test.each(['/run/user/1000/fifo', '/dev/zero', '/proc/kmsg'])(
  'a pid file that is %s holds up neither a list nor a diagnosis',
  async (pidFile) => {
    const list = await beside({ name: 'web', pidFile }, 'netdoctor containers');
    expect(list).toMatchObject({ exitCode: 0 });
    expect(list.said).toContain(`netns:${lab.names.A}`);
    expect(list.said).not.toContain('podman:');
    const diagnosis = await beside(
      { name: 'web', pidFile },
      `netdoctor ${lab.names.A} --to 198.51.100.1 --no-trace`,
    );
    expect(diagnosis).toMatchObject({ exitCode: 0 });
  },
);

test('the name of a real target is not taken', async () => {
  const { exitCode, said } = await beside(
    { name: lab.names.A, pidFile: '/run/user/1000/pid' },
    `netdoctor ${lab.names.A} --to 198.51.100.1 --no-trace`,
  );
  expect(said).not.toContain('podman');
  expect(exitCode).toBe(0);
});

test('a name that is a command is not run when root presses TAB in bash', async () => {
  const name = '$(echo>/mnt/ran)';
  const { exitCode, said } = await beside(
    { name, pidFile: '/nowhere' },
    `source <(netdoctor completion bash)
     COMP_WORDS=(netdoctor ""); COMP_CWORD=1; _netdoctor
     printf '%s\\n' "\${COMPREPLY[@]}"
     [ ! -e /mnt/ran ]`,
  );
  expect(exitCode).toBe(0);
  expect(said).toContain(`netns:${lab.names.A}`);
});
