// RTM_GETNSID, as the kernel of this machine answers it.
import { expect, test } from 'vitest';
import { nsidOf } from '../../../src/host/sockets/nsid.ts';
import { ownNamespace } from '../../../src/host/sys/namespace.ts';

test('a namespace has no id in its own eyes', () => {
  expect(nsidOf(ownNamespace(), null)).toMatchObject({ known: true, value: null });
});

test('one that is not there has vanished, and what is none has no name', () => {
  const at = (path: string) => nsidOf({ inode: 1, path }, null);
  expect(at('/run/netns/none-of-this-name')).toMatchObject({ because: 'vanished' });
  expect(at('/dev/null')).toMatchObject({
    because: 'unreadable',
    detail: 'the kernel did not name the namespace',
  });
});
