/** Whom the embedded resolver asks, when it took a question and gave no answer. */
import { expect, test } from 'vitest';
import { passedOn } from '../../src/engine/passed-on.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { Target } from '../../src/model/target.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const FILE = '/var/lib/docker/containers/1/resolv.conf';
const asked: Flow = {
  from: 'container',
  to: 'web.example',
  address: '127.0.0.11',
  proto: 'dns',
  port: 53,
  family: 4,
  question: 'web.example',
};
const silent: Pick<Diagnosis, 'status' | 'cause'> = { status: 'fault', cause: 'no-reply-from-destination' };

function upstream(
  resolvConf: string,
  hosts: string,
  nameservers: string[] = [],
  flow = asked,
  heard = silent,
) {
  const machine = fakeMachine({ files: { [FILE]: resolvConf, '/etc/resolv.conf': hosts } });
  return passedOn(machine, { resolvConf: FILE, nameservers } as unknown as Target, flow, heard);
}

const NEW = 'nameserver 127.0.0.11\n# ExtServers: [192.0.2.53 192.0.2.54]\n';

test.each([
  ['what a newer Docker wrote', NEW, 'nameserver 9.9.9.9\n', [], '192.0.2.53', 'container'],
  ['the host’s own, from the host', '# ExtServers: [host(127.0.0.53)]\n', '', [], '127.0.0.53', 'host'],
  [
    'what --dns named',
    'nameserver 127.0.0.11\n',
    'nameserver 9.9.9.9\n',
    ['198.51.100.54'],
    '198.51.100.54',
    'container',
  ],
  [
    'the host’s resolv.conf',
    'nameserver 127.0.0.11\n',
    'nameserver 192.0.2.9\n',
    [],
    '192.0.2.9',
    'container',
  ],
  ['the host’s stub', 'nameserver 127.0.0.11\n', 'nameserver 127.0.0.53\n', [], '127.0.0.53', 'host'],
])('%s', (_, own, hosts, told, address, from) => {
  expect(upstream(own, hosts, told)).toMatchObject({
    address,
    from,
    proto: 'dns',
    port: 53,
    question: 'web.example',
    behind: 'the embedded resolver 127.0.0.11',
  });
});

test('an IPv6 server is asked by IPv6', () => {
  expect(upstream('', '', ['2001:db8::53'])).toMatchObject({ address: '2001:db8::53', family: 6 });
});

test('nobody is behind another resolver, one that answered, or one that lost its redirect', () => {
  expect(upstream(NEW, '', [], { ...asked, address: '10.89.0.1' })).toBeUndefined();
  expect(upstream(NEW, '', [], asked, { status: 'healthy', cause: null })).toBeUndefined();
  expect(upstream(NEW, '', [], asked, { status: 'fault', cause: 'dns-embedded-broken' })).toBeUndefined();
  expect(upstream('', '')).toBeUndefined();
});
