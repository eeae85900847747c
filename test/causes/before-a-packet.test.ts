// A probe, or a program, that the kernel refuses before there is a packet.
import { describe, expect, it } from 'vitest';
import { commands, examine } from './examine.ts';
import { healthy, type Lab, refusedToSend } from './scene.ts';

describe('send-refused', () => {
  const refused = (errno: string): Lab => refusedToSend(healthy(), errno);

  it.each([
    ['ENOBUFS', 'no room', 'tc -s qdisc'],
    ['ENOMEM', 'no memory', 'sockstat'],
    ['ENFILE', 'as many files open', 'fs.file-max'],
    ['ENETDOWN', 'is down', 'ip link set dev'],
    ['ENODEV', 'is gone', 'removes interfaces'],
    ['EAFNOSUPPORT', 'no IPv4', 'other family'],
    ['EINVAL', 'invalid', 'source address'],
    ['ENOSYS', 'refuses to send', 'connect(2)'],
  ])('%s is said in words, with its place and what to do', (errno, what, cure) => {
    const claim = examine('send-refused', refused(errno));
    expect(claim?.what).toContain(what);
    expect(claim?.do).toContain(cure);
    expect(claim?.why).toContain(errno);
    expect(claim?.evidence?.[0]?.source.join(' ')).toMatch(/^nsenter --net=\S+ /);
  });

  it('names a route that gives packets the address of the loopback', () => {
    const lab = refused('EINVAL');
    for (const route of lab.stacks.container.routes) route.source = '127.0.0.1';
    expect(examine('send-refused', lab)?.what).toContain('source address 127.0.0.1');
  });

  it('tells a broadcast address, and leaves other leave to others', () => {
    const lab = refused('EACCES');
    expect(examine('send-refused', lab)).toBeNull();
    lab.path.sourceRoute.type = 'broadcast';
    expect(examine('send-refused', lab)?.what).toContain('broadcast address');
  });

  it.each(['ENETUNREACH', 'EADDRNOTAVAIL', 'EPERM'])('%s is read by other causes', (errno) => {
    expect(examine('send-refused', refused(errno))).toBeNull();
  });

  it('has no word where something was sent', () => {
    expect(examine('send-refused', healthy())).toBeNull();
  });
});

describe('program-out-of-files', () => {
  const answered = (open: number, hard: number | null = 4096): Lab => {
    const lab = healthy();
    lab.symptom.kind = 'answered';
    lab.openFiles = [{ pid: 7, name: 'nginx', open, soft: 64, hard }];
    return lab;
  };

  it('names the program, and lets it have more as far as its own limit goes', () => {
    const claim = examine('program-out-of-files', answered(64));
    expect(claim?.what).toBe('nginx (pid 7) has 64 of 64 files open, and can open no connection');
    expect(commands(claim)).toMatchObject({
      apply: ['prlimit --pid 7 --nofile=256:'],
      undo: ['prlimit --pid 7 --nofile=64:'],
    });
    expect(commands(examine('program-out-of-files', answered(64, 100))).apply[0]).toContain('--nofile=100:');
    expect(examine('program-out-of-files', answered(64, 64))?.fixes).toEqual([]);
  });

  it('has no word where one file is left, nor for a flow from elsewhere', () => {
    expect(examine('program-out-of-files', answered(63))).toBeNull();
    const lab = answered(64);
    lab.flow.from = 'host';
    expect(examine('program-out-of-files', lab)).toBeNull();
  });
});
