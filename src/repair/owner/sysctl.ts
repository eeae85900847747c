/** `sysctl -w` on the host: netdoctor's own file in sysctl.d, which sorts after the distribution's. */
import { assignments } from '../observe/sysctl.ts';
import type { Owner } from '../owner.ts';

export const SYSCTL_FILE = '/etc/sysctl.d/90-netdoctor.conf';

export default ((change) => {
  if ('file' in change || change.run.in || change.run.argv[0] !== 'sysctl') return null;
  const text = assignments(change.run.argv).map(([key, value]) => `${key} = ${value}\n`);
  return [{ file: SYSCTL_FILE, before: null, after: text.join(''), mode: '0644' }];
}) satisfies Owner as Owner;
