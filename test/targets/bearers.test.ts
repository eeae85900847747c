import { describe, expect, it } from 'vitest';
import { borne, whatStandsBehind } from '../../src/engine/bearers.ts';
import type { Flow } from '../../src/model/flow.ts';
import { dockerBearers } from '../../src/targets/docker-bearers.ts';
import { podmanBearers } from '../../src/targets/podman-bearers.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const networks = [{ name: 'mesh' }] as never;
const body = {
  Containers: {
    ab12: { Name: 'db', IPv4Address: '10.0.1.9/24', IPv6Address: '' },
    cd34: { Name: 'web.1.\u001bxyz', IPv4Address: '10.0.1.3/24' },
  },
  Services: {
    '': { VIP: '<nil>', Tasks: [{ Name: 'gateway', EndpointIP: '10.0.1.4' }] },
    web: {
      VIP: '10.0.1.2',
      Tasks: [
        { Name: 'web.1.xyz', EndpointIP: '10.0.1.3' },
        { Name: 'web.2.uvw', EndpointIP: '10.0.1.5' },
      ],
    },
  },
};

const docker = () =>
  dockerBearers(
    fakeMachine({ requests: { '/networks/mesh?verbose=true': { status: 200, body } } }),
    '/run/docker.sock',
    { networks },
  );

describe('Docker', () => {
  it('tells containers, tasks and virtual addresses apart', async () => {
    const all = await docker();
    expect(all.map(({ address, name }) => `${address} ${name}`)).toEqual([
      '10.0.1.2 service web (virtual address)',
      '10.0.1.3 task web.1.xyz of service web',
      '10.0.1.5 task web.2.uvw of service web',
      '10.0.1.9 container db',
      '10.0.1.3 container web.1.xyz',
    ]);
  });

  it('tells by which other names its resolver answers', async () => {
    const networksOf = (mesh: object) => ({ status: 200, body: { NetworkSettings: { Networks: { mesh } } } });
    const requests = {
      '/networks/mesh?verbose=true': { status: 200, body },
      '/containers/ab12/json': networksOf({
        Aliases: ['ab12cd34ef56', 'store'],
        DNSNames: ['db', 'store', 'sql'],
      }),
      // Before API 1.44.
      '/containers/cd34/json': networksOf({ Aliases: ['cd34cd34ef56'] }),
    };
    const all = await dockerBearers(fakeMachine({ requests }), '/run/docker.sock', { networks });
    expect(all.find(({ name }) => name === 'container db')?.aliases).toEqual(['store', 'sql']);
    expect(
      all.find(({ address, name }) => address === '10.0.1.3' && /^container/.test(name))?.aliases,
    ).toBeUndefined();
    const verdict = { family: 4, status: 'healthy', cause: null } as const;
    expect(borne([{ address: '10.0.1.9', ...verdict }], all)?.[0]?.bearer).toBe(
      'container db (also store and sql)',
    );
  });

  it('that does not answer names nobody', async () => {
    expect(await dockerBearers(fakeMachine({}), '/run/docker.sock', { networks })).toEqual([]);
  });
});

it('Podman names the containers of the target’s networks alone', async () => {
  const inspected = [
    {
      Name: 'web1',
      NetworkSettings: { Networks: { mesh: { IPAddress: '10.89.0.2', Aliases: ['aa11aa11aa11', 'www'] } } },
    },
    { Name: 'other', NetworkSettings: { Networks: { far: { IPAddress: '10.90.0.2' } } } },
  ];
  const machine = fakeMachine({
    run: {
      'podman ps -q --no-trunc': 'aa11\nbb22\n',
      'podman inspect --type container aa11 bb22': JSON.stringify(inspected),
    },
  });
  expect(await podmanBearers(machine, { networks })).toEqual([
    { address: '10.89.0.2', name: 'container web1', aliases: ['www'] },
  ]);
});

describe('a verdict', () => {
  it('names whose each address is', async () => {
    const verdict = { family: 4, status: 'healthy', cause: null } as const;
    const named = borne(
      [
        { address: '10.0.1.5', ...verdict },
        { address: '10.0.1.77', ...verdict },
      ],
      await docker(),
    );
    expect(named?.map(({ bearer }) => bearer)).toEqual(['task web.2.uvw of service web', undefined]);
  });

  it('says what stands behind a service’s own address', async () => {
    const flow = { to: 'web:80', address: '10.0.1.2' } as Flow;
    expect(whatStandsBehind([flow], await docker())[0]?.says).toBe(
      '10.0.1.2 is service web’s virtual address, behind it are web.1.xyz (10.0.1.3) and web.2.uvw (10.0.1.5)',
    );
    expect(whatStandsBehind([{ ...flow, address: '10.0.1.9' }], await docker())).toEqual([]);
  });
});
