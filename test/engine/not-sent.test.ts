// No probe could be sent: whose fault is it, netdoctor's own or the target's?
import { describe, expect, it } from 'vitest';
import { confinement } from '../../src/discover/confinement.ts';
import { notSent, refusedItself } from '../../src/engine/not-sent.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Scene } from '../../src/model/scene.ts';
import { healthy } from '../causes/scene.ts';

const STATUS = 'Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nNoNewPrivs:\t0\nSeccomp:\t0\n';

/** A machine on which netdoctor's own process is described so. */
const machineWith = (status: string, label = 'unconfined\n', uid = 0) => ({
  uid,
  read: (path: string) => {
    if (path === '/proc/self/status') return known(status, []);
    return path === '/proc/self/attr/current' ? known(label, []) : notKnown('vanished', 'no such file', []);
  },
});
const free = machineWith(STATUS);
const filtered = machineWith(STATUS.replace('Seccomp:\t0', 'Seccomp:\t2').replace('Privs:\t0', 'Privs:\t1'));

describe('confinement', () => {
  it('is nothing for root on a host, whatever words stand for that', () => {
    for (const label of ['unconfined\n', '', 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0'])
      expect(confinement(machineWith(STATUS, label)), label).toEqual([]);
    expect(confinement(machineWith(STATUS, 'some-profile (complain)\n'))).toEqual([]);
  });

  it('tells capabilities, seccomp, labels and no_new_privs', () => {
    expect(confinement(filtered)).toEqual([
      'is under a seccomp filter (Seccomp 2)',
      'may get no more rights (NoNewPrivs 1)',
    ]);
    // All but CAP_NET_RAW (bit 13).
    expect(confinement(machineWith(STATUS.replace('1ffffffffff', '1ffffffdfff')))).toEqual([
      'lacks CAP_NET_RAW',
    ]);
    for (const label of ['docker-default (enforce)\n', 'system_u:system_r:container_t:s0:c12,c99\0'])
      expect(confinement(machineWith(STATUS, label))[0], label).toMatch(/^is confined as (docker|system_u)/);
  });
});

describe('a socket that could not be opened', () => {
  const { target } = healthy();
  const problem = (
    machine: Parameters<typeof notSent>[0],
    because: 'no-permission' | 'unreadable',
    said: string,
  ) => notSent(machine, target, { because, detail: said }).problem;

  it('for want of files has words of its own', () => {
    expect(problem(free, 'unreadable', 'socket: EMFILE')).toMatchObject({
      exit: 3,
      code: 'no-files',
      hint: expect.stringContaining('ulimit -n'),
    });
    expect(problem(free, 'unreadable', 'open: ENFILE').hint).toContain('fs.file-max');
  });

  it('is no matter of root for whoever is root', () => {
    const { message, hint } = problem(filtered, 'no-permission', 'socket: EPERM');
    expect(message).toContain('netdoctor is root, but is under a seccomp filter');
    expect(hint).not.toContain('sudo');
    expect(problem({ ...free, uid: 1000 }, 'no-permission', 'socket: EPERM').hint).toContain(
      'sudo netdoctor',
    );
  });
});

describe('a probe that the kernel refused', () => {
  const refused = (errno: string, from: 'container' | 'host' = 'container'): Scene => {
    const lab = healthy();
    return {
      ...lab,
      flow: { ...lab.flow, from },
      symptom: { ...lab.symptom, kind: 'not-sent', errno },
    } as unknown as Scene;
  };

  it('need not be refused to the target where netdoctor is confined', () => {
    const [one] = refusedItself(filtered, refused('EPERM'));
    expect(one?.because).toContain('is under a seccomp filter (Seccomp 2)');
  });

  it('is not excused by that in any other case', () => {
    expect(refusedItself(free, refused('EPERM'))).toEqual([]);
    expect(refusedItself(filtered, refused('ENOBUFS'))).toEqual([]);
    expect(refusedItself(filtered, refused('EPERM', 'host'))).toEqual([]);
  });
});
