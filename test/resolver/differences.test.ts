// Where the libraries part, and the program whose library does not come to the hosts file.
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import type { Library, LookUp, NameQuestion, Reply } from '../../src/model/look-up.ts';
import { differences, hostsLine } from '../../src/resolver/differences.ts';
import { lookUp } from '../../src/resolver/look-up.ts';
import { healthy, silent } from '../causes/scene.ts';
import { says } from './replies.ts';

const HOSTS = '127.0.0.1 localhost\n10.88.0.3 db.example\n';
const wild = ({ type }: NameQuestion): Reply => says(type === 'A' ? ['198.51.100.200'] : []);
const nobody = (): Reply => says([], 3);

async function story(
  nsswitch: string | undefined,
  replies: (question: NameQuestion) => Reply,
  { library = null as Library | null, hosts = HOSTS, name = 'db.example', search = '' } = {},
): Promise<LookUp> {
  const resolvConf = `nameserver 198.51.100.53\n${search}`;
  const all: readonly Library[] = ['glibc', 'musl'];
  const files = { resolvConf, hosts, nsswitch };
  const setting = { files, families: [4, 6] as const, sourceOf: () => null };
  const made = await Promise.all(
    all.map((one) => lookUp(one, name, setting, async (question) => replies(question))),
  );
  const isOwn = ({ library: one }: { library: Library }): boolean => library === null || one === library;
  return {
    name,
    sample: false,
    from: 'container',
    library,
    files: [
      { file: '/etc/hosts', text: hosts, because: null },
      { file: '/etc/nsswitch.conf', text: nsswitch, because: null },
    ],
    servers: ['198.51.100.53'],
    search: [],
    ndots: 1,
    outcomes: made.filter(isOwn),
    others: made.filter((one) => !isOwn(one)),
    asked: [],
    standIns: [],
    captured: null,
    rotates: false,
    control: null,
  };
}

describe('what is said of two libraries', () => {
  it('is what each gets and whence, the line that parts them, and whose the container’s are', async () => {
    const line = 'hosts: dns [!UNAVAIL=return] files';
    const unknown = differences(await story(`${line}\n`, wild));
    expect(unknown).toContain(
      'glibc gets 198.51.100.200 from the DNS, musl (Alpine) gets 10.88.0.3 from /etc/hosts',
    );
    expect(unknown).toContain(`/etc/nsswitch.conf says "${line}", which musl does not read`);
    expect(unknown).toContain('cannot be told');
    const own = differences(await story(line, wild, { library: 'musl' }));
    expect(own).toMatch(/^musl .*; the programs of the container are built on musl/);
  });

  it('is nothing where both get the same', async () => {
    expect(differences(await story('hosts: files dns\n', wild))).toBeNull();
    expect(differences(await story(undefined, nobody, { hosts: '' }))).toBeNull();
  });

  it('is that one of them finds nothing in the search list', async () => {
    const found = ({ name, type }: NameQuestion): Reply =>
      name === 'db.example.corp' && type === 'A' ? says(['192.0.2.1']) : says([], 3);
    const told = differences(await story(undefined, found, { hosts: '', search: 'search corp\n' }));
    expect(told).toContain(
      'glibc gets 192.0.2.1 from the DNS as db.example.corp, musl (Alpine) gets no address',
    );
  });
});

it('reads the last hosts line, as glibc does, without its comment', async () => {
  const told = await story('hosts: files\n hosts: dns # not now\n', wild);
  expect(hostsLine(told)).toEqual({ file: '/etc/nsswitch.conf', line: 'hosts: dns' });
});

describe('hosts-file-not-read', () => {
  const claim = (told: LookUp, address: string, answered = false) => {
    const lab = answered ? healthy('outside', 4) : silent(healthy('outside', 4));
    const flow = { ...lab.flow, to: 'db.example:80', address };
    return causeOf('hosts-file-not-read')!.examine({ ...lab, flow, lookUp: told } as never);
  };

  it('is what leads a program elsewhere, to an address that fails', async () => {
    const told = await story('hosts: dns files\n', wild);
    expect(claim(told, '198.51.100.200')).toMatchObject({
      sure: 'proved',
      what: '/etc/hosts has 10.88.0.3 for db.example, and is not read for it',
      why: expect.stringContaining('asks dns before the hosts file'),
    });
    expect(claim(told, '198.51.100.200', true)).toBeNull();
    expect(claim(told, '10.88.0.3')).toBeNull();
  });

  it('is what leaves a program without an address, whatever becomes of the one that others get', async () => {
    for (const line of ['hosts: dns [NOTFOUND=return] files', 'hosts: dns'])
      for (const answered of [true, false])
        expect(claim(await story(line, nobody), '10.88.0.3', answered)?.why).toContain('built on glibc');
    expect(claim(await story('hosts: dns files', nobody), '10.88.0.3')).toBeNull();
  });

  it('is not a program’s whose library begins with the hosts file, nor where both have the same', async () => {
    const told = await story('hosts: dns files', wild, { library: 'musl' });
    expect(claim(told, '198.51.100.200')).toBeNull();
    const same = await story('hosts: dns files', wild, { hosts: '198.51.100.200 db.example\n' });
    expect(claim(same, '198.51.100.200')).toBeNull();
  });

  it('is musl’s where the line has the name in other letters', async () => {
    const told = await story(undefined, wild, { library: 'musl', hosts: '10.88.0.3 DB.example\n' });
    expect(claim(told, '198.51.100.200')?.why).toContain('letter for letter');
  });
});
