// A paused container: whoever enters its control group stands still with it, and hears no signal.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { asked } from './strangers.ts';

let lab: Lab;
let pid: number;
beforeAll(async () => {
  lab = await Lab.up();
  pid = await lab.start({ in: 'A', sh: 'echo $$ >$CG/cgroup.procs; exec sleep 120' });
  await lab.step({
    in: 'host',
    sh: 'bpf-load; bpftool cgroup attach $CG egress pinned $BPF/cgroup_pass_out',
  });
});
afterAll(async () => {
  await lab.step({ in: 'host', sh: 'echo 0 >$CG/cgroup.freeze' });
  lab.down();
});

const question = ['--to', '198.51.100.1', '--timeout', '8'];

test('is not entered, and what could not be passed is said', async () => {
  expect((await asked(lab, question, `pid:${pid}`)).said).toMatchObject({ status: 'healthy' });
  await lab.step({ in: 'host', sh: 'echo 1 >$CG/cgroup.freeze' });
  const { exitCode, said, seconds } = await asked(lab, question, `pid:${pid}`);
  expect(exitCode).toBe(3);
  expect(said).toMatchObject({ status: 'undecided', answered: 3 });
  expect(said?.unknown[0]?.because).toMatch(/^it is paused/);
  expect(seconds).toBeLessThan(15);
});
