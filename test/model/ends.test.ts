import { describe, expect, test } from 'vitest';
import { parseEnd, parseStart, withoutPort } from '../../src/model/ends.ts';
import { Failure } from '../../src/model/failure.ts';

const RUNTIMES = ['docker', 'netns', 'pid'];

/** The problem that a wrong text comes to. */
function problemOf(parse: () => unknown) {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return (error as Failure).problem;
  }
  return undefined;
}

describe('a destination', () => {
  test.each([
    ['198.51.100.1', { kind: 'address', address: '198.51.100.1', family: 4, port: null }],
    ['198.51.100.1:443', { kind: 'address', address: '198.51.100.1', family: 4, port: 443 }],
    ['2001:db8::1', { kind: 'address', address: '2001:db8::1', family: 6, port: null }],
    ['2001:db8::1:80', { kind: 'address', address: '2001:db8::1:80', family: 6, port: null }],
    ['[2001:db8::1]', { kind: 'address', address: '2001:db8::1', family: 6, port: null }],
    ['[2001:db8::1]:443', { kind: 'address', address: '2001:db8::1', family: 6, port: 443 }],
    ['fe80::1%eth0', { kind: 'address', address: 'fe80::1%eth0', family: 6, port: null }],
    ['example.com', { kind: 'name', name: 'example.com', port: null }],
    ['example.com:8080', { kind: 'name', name: 'example.com', port: 8080 }],
    ['shop_db', { kind: 'name', name: 'shop_db', port: null }],
    ['host', { kind: 'host', port: null }],
    ['host:9000', { kind: 'host', port: 9000 }],
    ['gateway', { kind: 'gateway', port: null }],
    [':8080', { kind: 'port', port: 8080 }],
    ['container:web', { kind: 'container', target: 'web', port: null }],
    ['container:web:80', { kind: 'container', target: 'web', port: 80 }],
    ['container:docker:web', { kind: 'container', target: 'docker:web', port: null }],
    ['container:docker:web:80', { kind: 'container', target: 'docker:web', port: 80 }],
    ['container:netns:red:80', { kind: 'container', target: 'netns:red', port: 80 }],
    ['container:netns:/run/netns/red:80', { kind: 'container', target: 'netns:/run/netns/red', port: 80 }],
    ['container:pid:1234', { kind: 'container', target: 'pid:1234', port: null }],
    ['container:pid:1234:80', { kind: 'container', target: 'pid:1234', port: 80 }],
    ['container:netns:80', { kind: 'container', target: 'netns:80', port: null }],
  ])('%s', (text, end) => {
    expect(parseEnd(text, RUNTIMES)).toEqual(end);
  });

  test.each([
    ['', 'empty-destination', /is empty/, /--to HOST/],
    ['  ', 'empty-destination', /is empty/, /--to HOST/],
    ['1.1.1.1:0', 'bad-port', /"0" in "1\.1\.1\.1:0" is no port/, /1 to 65535/],
    ['1.1.1.1:65536', 'bad-port', /"65536"/, /1 to 65535/],
    ['example.com:http', 'bad-port', /"http"/, /1 to 65535/],
    [':', 'bad-port', /"" in ":"/, /1 to 65535/],
    [':80a', 'bad-port', /"80a"/, /1 to 65535/],
    ['300.1.1.1', 'bad-destination', /no IPv4 address/, /four numbers/],
    ['10.1', 'bad-destination', /no IPv4 address/, /four numbers/],
    ['2001:db8::zz:80', 'bad-destination', /more than one colon/, /brackets/],
    ['[10.0.0.1]:80', 'bad-destination', /no IPv6 address in its brackets/, /\[2001/],
    ['[2001:db8::1', 'bad-destination', /brackets/, /\[2001/],
    ['[2001:db8::1]80', 'bad-port', /"80"/, /1 to 65535/],
    ['10.0.0.0/8', 'bad-destination', /neither address nor name/, /--to HOST/],
    ['two words', 'bad-destination', /neither address nor name/, /--to HOST/],
    ['-x.com', 'bad-destination', /neither address nor name/, /--to HOST/],
    ['https://example.com/shop', 'bad-destination', /is a URL/, /^--to example\.com:443$/],
    ['http://example.com:8080/', 'bad-destination', /is a URL/, /^--to example\.com:8080$/],
    ['container:', 'bad-destination', /names no container/, /container:web:80/],
    ['container::80', 'bad-destination', /names no container/, /container:web:80/],
    ['container:web:99999', 'bad-port', /"99999"/, /1 to 65535/],
  ])('%j is refused with what to type', (text, code, message, hint) => {
    const problem = problemOf(() => parseEnd(text, RUNTIMES));
    expect(problem).toMatchObject({ exit: 2, code });
    expect(problem?.message).toMatch(message);
    expect(problem?.hint).toMatch(hint);
  });
});

test.each([
  ['db.example:5432', 'db.example'],
  ['db.example', 'db.example'],
  ['198.51.100.1:80', '198.51.100.1'],
  ['[2001:db8::5]:443', '[2001:db8::5]'],
  ['2001:db8::5', '2001:db8::5'],
])('%s without its port', (to, host) => expect(withoutPort(to)).toBe(host));

describe('a source', () => {
  test.each([
    ['container', { kind: 'container' }],
    ['host', { kind: 'host' }],
    ['outside', { kind: 'outside' }],
    ['container:db', { kind: 'other', target: 'db' }],
    ['container:netns:red', { kind: 'other', target: 'netns:red' }],
  ])('%s', (text, start) => {
    expect(parseStart(text)).toEqual(start);
  });

  test.each(['', 'container:', 'hosts', '10.0.0.1'])('%j is refused', (text) => {
    expect(problemOf(() => parseStart(text))).toMatchObject({
      exit: 2,
      code: 'bad-source',
      hint: expect.stringContaining('container:TARGET'),
    });
  });
});
