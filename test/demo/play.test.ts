import { expect, it } from 'vitest';
import { faultNamed } from '../../src/demo/catalogue.ts';
import type { Question } from '../../src/demo/fault.ts';
import { play } from '../../src/demo/play.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { commandLine } from '../../src/model/netns.ts';

/** A machine on which everything works, and what it was told to do. */
function obedient(refuse: (line: string) => boolean = () => false) {
  const asked: string[] = [];
  const machine = {
    async run(command, options) {
      const line = commandLine(command).join(' ');
      asked.push(line, ...(options?.input?.split('\n') ?? []));
      const code = refuse(line) ? 2 : 0;
      return known({ stdout: '', stderr: code ? 'Operation not supported\n' : '', code }, [line]);
    },
    netns: (path) => known({ inode: 7, path }, []),
    read: () => known('         0          0 4294967295', []),
  } as Partial<Machine> as Machine;
  return { machine, asked };
}

const verdict = (part: Partial<Diagnosis>) => ({ cause: null, unknown: [], ...part }) as Diagnosis;

async function played(diagnosis: Diagnosis | null, id = 'ip-forward-off') {
  const said: string[] = [];
  const questions: Question[] = [];
  const { machine, asked } = obedient();
  const code = await play(machine, faultNamed(id), {
    say: (text) => said.push(text),
    show: (line) => said.push(line),
    async diagnose(question) {
      questions.push(question);
      expect(asked.at(-1), 'broken before it is asked about').toBe('sysctl -qw net.ipv4.ip_forward=0');
      return diagnosis;
    },
  });
  return { code, said: said.join('\n'), questions, asked };
}

it('builds, breaks, asks and tells', async () => {
  const { code, said, questions, asked } = await played(
    verdict({ status: 'fault', cause: 'ip-forward-off' }),
  );
  expect(code).toBe(0);
  expect(questions).toEqual([{ target: 'netns:web', to: '198.51.100.1' }]);
  expect(asked).toContain('netns add web');
  expect(said).toMatch(/\$ netdoctor diagnose netns:web --to 198\.51\.100\.1\n.*What the demo had broken/s);
  expect(said).toMatch(/✓ The verdict names it: ip-forward-off\.$/);
});

it.each([
  [
    'another cause',
    verdict({ status: 'fault', cause: 'bridge-down' }),
    1,
    /The verdict is bridge-down, not ip-/,
  ],
  ['only the place', verdict({ status: 'fault' }), 1, /The verdict is fault, not ip-forward-off/],
  ['health', verdict({ status: 'healthy' }), 1, /The verdict is healthy, not/],
  ['no verdict', null, 3, /There was no verdict/],
  [
    'an undecided one',
    verdict({ status: 'undecided', unknown: [{ what: 'the captures', because: 'no libpcap' }] }),
    3,
    /undecided: it could not look at the captures/,
  ],
] as const)('is honest about %s', async (_, diagnosis, code, words) => {
  const told = await played(diagnosis);
  expect(told.code).toBe(code);
  expect(told.said).toMatch(words);
});

it('accepts a cause that is right as well', async () => {
  const { machine } = obedient();
  const code = await play(machine, faultNamed('masquerade-missing'), {
    say: () => {},
    show: () => {},
    diagnose: async () => verdict({ status: 'fault', cause: 'no-return-route' }),
  });
  expect(code).toBe(0);
});

it('names the command that this machine refuses', async () => {
  const { machine } = obedient((line) => line.startsWith('bridge vlan'));
  const attempt = play(machine, faultNamed('bridge-vlan-mismatch'), {
    say: () => {},
    show: () => {},
    diagnose: () => Promise.reject(new Error('asked although it was not broken')),
  });
  await expect(attempt).rejects.toMatchObject({
    problem: { exit: 3, message: expect.stringMatching(/bridge vlan del vid 1.*Operation not supported/) },
  });
});
