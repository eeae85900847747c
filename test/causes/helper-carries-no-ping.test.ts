import { describe, expect, it } from 'vitest';
import { commands, examine } from './examine.ts';
import { healthy, type Lab, silent } from './scene.ts';

const ID = 'helper-carries-no-ping';

/** A ping through a tap that was not answered, while this port was heard of. */
function unanswered(port: number | null, range: string): Lab {
  const lab = silent(healthy());
  lab.path.hops[0] = { ...lab.path.hops[0]!, name: 'tap0', kind: 'tun' };
  lab.sysctls.host['net.ipv4.ping_group_range'] = range;
  lab.tcpBeside = { port, refused: false };
  return lab;
}

describe(ID, () => {
  it('is told by a handshake that passes, and proved where no ping socket may be opened', () => {
    const claim = examine(ID, unanswered(443, '1 0'));
    expect(claim).toMatchObject({ sure: 'proved' });
    expect(claim?.what).toContain('tap0');
    expect(commands(claim).apply[0]).toContain('net.ipv4.ping_group_range=0 2147483647');
    expect(commands(claim).undo[0]).toContain('net.ipv4.ping_group_range=1 0');
  });

  it('has nothing to mend where ping sockets are allowed', () => {
    expect(examine(ID, unanswered(80, '0 2147483647'))).toMatchObject({ sure: 'supported', fixes: [] });
  });

  it('is not claimed where nothing else passes either, nor of a link of the kernel', () => {
    expect(examine(ID, unanswered(null, '1 0'))).toBeNull();
    const lab = unanswered(443, '1 0');
    lab.path.hops[0] = { ...lab.path.hops[0]!, kind: 'veth' };
    expect(examine(ID, lab)).toBeNull();
  });
});

describe('a ping that nobody answers', () => {
  it('is all that is lost where a handshake beside it is heard of', () => {
    const lab = silent(healthy());
    expect(examine('no-reply-from-destination', lab)?.why).not.toContain('Only ping');
    lab.tcpBeside = { port: 443, refused: false };
    expect(examine('no-reply-from-destination', lab)?.why).toContain(
      'Only ping is lost: a connection to port 443 is taken.',
    );
  });
});
