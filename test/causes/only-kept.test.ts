/** A published port that the runtime's own program only keeps, and the rule that should lead past it is gone. */
import { describe, expect, it } from 'vitest';
import { isReserved } from '../../src/kernel/publishing.ts';
import type { Untaken } from '../../src/model/untaken.ts';
import { listener, unpublished } from './asking.ts';
import { commands, examine } from './examine.ts';
import { withRules } from './rules-of.ts';
import type { Lab } from './scene.ts';

/** Three connections to port 8080 of the host, and who left them standing. */
function kept(by = 'conmon', about: Partial<Untaken> = {}): Lab {
  const lab = withRules(
    unpublished('host'),
    '*nat\n-A PREROUTING -p udp --dport 53 -j DNAT --to 10.88.0.3:53',
  );
  lab.symptom = { kind: 'answered', errno: null, from: null, says: null, bornAt: null };
  lab.listeners = [listener({ side: 'host', port: 8080, process: `${by} (pid 7)` })] as Lab['listeners'];
  lab.untaken = {
    kind: 'accept',
    connections: 3,
    of: 3,
    waited: 2000,
    takers: [
      {
        address: '0.0.0.0',
        port: 8080,
        inode: 1,
        waiting: 3,
        most: 64,
        stuck: true,
        holders: [{ pid: 7, name: by, halted: null, files: null }],
      },
    ],
    ...about,
  } as Lab['untaken'];
  return lab;
}

const published = (lab: Lab): Lab => {
  const port = { hostAddress: '', hostPort: 8080, containerPort: 80, proto: 'tcp' };
  lab.target.ports = [port] as Lab['target']['ports'];
  return lab;
};

describe('port-not-published: a port that is only kept', () => {
  it('is told where all its connections stand with conmon, and whose it is where that one serves it', () => {
    const lab = kept();
    expect(isReserved(lab)).toBe(true);
    const claim = examine('port-not-published', lab);
    expect(claim?.what).toBe('the rule that leads from port 8080 to its container is gone');
    expect(claim?.why).toContain('conmon (pid 7) holds port 8080 only to keep it');
    expect(claim?.do).toContain('podman network reload');
    expect(commands(claim).apply).toEqual([]);
    lab.listeners.push(listener({ port: 8080 }) as never);
    expect(examine('port-not-published', lab)?.what).toContain(`to ${lab.target.name} is gone`);
  });

  it('leads to the container again where the runtime tells its port', () => {
    const claim = examine('port-not-published', published(kept()));
    expect(commands(claim).apply[0]).toMatch(/--dport 8080 .*10\.88\.0\.2:80$/);
  });

  it('names no container where another one asks', () => {
    const lab = kept();
    lab.flow.from = 'container';
    expect(examine('port-not-published', lab)?.what).toContain('to its container is gone');
  });

  it.each([
    ['another program', kept('nginx')],
    ['the engine itself, whose port it may be', kept('dockerd')],
    ['conmon, and some were accepted', kept('conmon', { connections: 2 })],
    ['conmon, and it did not read', kept('conmon', { kind: 'read' })],
    ['nobody knows whom', kept('conmon', { takers: [] })],
  ])('is not told where they stand with %s', (_, lab) => {
    expect(isReserved(lab)).toBe(false);
    expect(examine('port-not-published', lab)).toBeNull();
  });

  it('believes it of Docker where that publishes the port', () => {
    expect(isReserved(published(kept('dockerd')))).toBe(true);
  });

  it('is no listener either where packets do not come to it', () => {
    const lab = kept();
    lab.untaken = null;
    lab.symptom = { ...lab.symptom, kind: 'lost' };
    expect(examine('port-not-published', lab)).not.toBeNull();
    lab.listeners = [listener({ side: 'host', port: 8080 })] as Lab['listeners'];
    expect(examine('port-not-published', lab)).toBeNull();
  });
});
