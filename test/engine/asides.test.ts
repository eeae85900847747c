// What is asked beside the question: a handshake beside the ping, and the proxy of the container's environment.
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../src/engine/addresses.ts';
import type { Look } from '../../src/engine/aside.ts';
import { besidePing } from '../../src/engine/beside-ping.ts';
import { itsProxy } from '../../src/engine/its-proxy.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, SocketEvent } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Diagnosis, Status } from '../../src/model/diagnosis.ts';
import type { Flow } from '../../src/model/flow.ts';
import { type Question, USUAL } from '../../src/model/question.ts';

const flow: Flow = {
  from: 'container',
  to: '1.1.1.1',
  address: '1.1.1.1',
  proto: 'icmp',
  port: null,
  family: 4,
};

type End = 'answers' | 'refuses' | 'is lost';

/** A machine whose handshakes end so, and whose process has this environment. */
const machineThat = (end: End, environ = ''): Machine =>
  ({
    ...realClock,
    uid: 0,
    random: (from: number) => from,
    now: () => 0n,
    read: () => known(environ, []),
    open(_: unknown, tell: (event: SocketEvent) => void) {
      const event: SocketEvent =
        end === 'answers'
          ? { type: 'connected', at: 0n, microseconds: 90, segment: 1500 }
          : { type: 'error', errno: 'ECONNREFUSED', at: 0n };
      const send = () => {
        if (end !== 'is lost') setTimeout(() => tell(event), 1);
        return null;
      };
      return known({ localPort: 40_000, localAddress: null, send, close() {}, look() {}, lost: () => 0 }, []);
    },
  }) as never;

const diagnosis = (status: Status, cause: string | null, about: Flow = flow): Diagnosis =>
  ({ flow: about, status, cause, summary: 'It stops here.' }) as Diagnosis;

/** How a closer look ends, and what was looked at. */
function looking(status: Status, cause: string | null, answersHost = false) {
  const seen: string[] = [];
  const look: Look = async (about) => {
    seen.push(`${about.proto} ${about.to}`);
    const control = { asked: true, answered: answersHost, outcomes: [], says: '' };
    return { diagnosis: diagnosis(status, cause, about), control, dismantled: Promise.resolve() };
  };
  return { look, seen };
}

const asked: Question = { ...USUAL, target: 'web', wait: 0.03 };
const begun = (end: End, question = asked) => besidePing(machineThat(end), question, [flow], null);

describe('a handshake beside the ping', () => {
  it('is tried only where nobody says what to ask', () => {
    expect(begun('answers', { ...asked, to: '1.1.1.1' })).toBeUndefined();
    expect(begun('answers', { ...asked, proto: 'icmp' })).toBeUndefined();
    expect(begun('answers', { ...asked, to: '192.0.2.9', usual: true })).toBeDefined();
  });

  it('that is answered is told, and costs no closer look', async () => {
    const { look, seen } = looking('healthy', null);
    const found = await begun('answers')!([diagnosis('healthy', null)], null, look);
    expect(found?.says?.says).toBe('a handshake with 1.1.1.1:443 is answered');
    expect(seen).toEqual([]);
  });

  it('that the far end refuses to this host too is a note, and costs no closer look', async () => {
    const { look, seen } = looking('fault', 'connection-refused');
    const found = await begun('refuses')!([diagnosis('healthy', null)], null, look);
    expect(found?.note?.because).toContain('refused there');
    expect(seen).toEqual([]);
  });

  it('that is kept from leaving is a fault, although ping passes', async () => {
    const { look, seen } = looking('fault', 'firewall-rule-drop');
    const found = await begun('is lost')!([diagnosis('healthy', null)], null, look);
    expect(found?.diagnosis?.cause).toBe('firewall-rule-drop');
    expect(seen).toEqual(['tcp 1.1.1.1:443']);
  });

  it('that the far end does not answer to this host either is a note', async () => {
    for (const cause of ['connection-refused', 'no-reply-from-destination']) {
      const { look } = looking('fault', cause);
      const found = await begun('is lost')!([diagnosis('healthy', null)], null, look);
      expect(found?.diagnosis).toBeUndefined();
      expect(found?.note?.because).toContain('it stops here');
    }
    const { look } = looking('fault', 'no-reply-from-destination', true);
    const found = await begun('is lost')!([diagnosis('healthy', null)], null, look);
    expect(found?.diagnosis?.status).toBe('fault');
  });

  it('that passes clears a far end whom nobody’s ping reaches, and no other', async () => {
    const silent = [diagnosis('fault', 'no-reply-from-destination')];
    const control = (answered: boolean) => ({ asked: true, answered, outcomes: [], says: '' });
    const { look } = looking('healthy', null);
    expect(await begun('answers')!(silent, control(false), look)).toMatchObject({
      replaces: true,
      note: { what: 'ping to 1.1.1.1' },
    });
    const found = await begun('answers')!(silent, control(true), look);
    expect(found).toEqual({ says: expect.objectContaining({ witness: 'state' }) });
  });
});

describe('the proxy of the environment', () => {
  const web: Flow = { ...flow, to: '198.51.100.1:80', address: '198.51.100.1', proto: 'tcp', port: 80 };
  const proxy = (end: End, environ: string, about = web, question = asked) =>
    itsProxy(
      { machine: machineThat(end, environ), question, target: { pid: 7, netns: null } } as unknown as Asked,
      about,
    );
  const SET = 'PATH=/bin\0http_proxy=http://user:secret@192.0.2.8:3128/\0';

  it('that is gone is looked at closely', async () => {
    const { look, seen } = looking('fault', 'proxy-environment');
    const found = await proxy('refuses', SET)!(look);
    expect(found?.diagnosis?.cause).toBe('proxy-environment');
    expect(found?.says?.says).not.toContain('secret');
    expect(seen).toEqual(['tcp 192.0.2.8:3128']);
  });

  it('that takes connections is told', async () => {
    const { look, seen } = looking('healthy', null);
    expect((await proxy('answers', SET)!(look))?.note?.because).toContain('it takes connections');
    expect(seen).toEqual([]);
  });

  it('is nobody’s affair where there is none, where it spares the destination, and for a ping that was named', () => {
    expect(proxy('answers', 'PATH=/bin\0')).toBeUndefined();
    expect(proxy('answers', `${SET}no_proxy=198.51.100.0/24\0`)).toBeUndefined();
    expect(proxy('answers', SET, { ...web, port: 5432 })).toBeUndefined();
    expect(proxy('answers', SET, flow, { ...asked, to: '1.1.1.1' })).toBeUndefined();
    expect(proxy('answers', SET, flow)).toBeDefined();
  });
});
