/** /etc/hosts as each library reads it. Sources: hosts(5); glibc nss/nss_files/files-hosts.c; musl src/network/lookup_name.c. */
import ipaddr from 'ipaddr.js';
import type { Library } from '../model/look-up.ts';

/** Longest line that musl sees whole. Bytes. */
const MUSL_LINE = 511;

/** Every address that a line gives the name, in the order of the file. */
export function fromHosts(text: string, name: string, library: Library): string[] {
  const wanted = library === 'glibc' ? name.toLowerCase() : name;
  return text.split('\n').flatMap((line) => {
    if (library === 'musl' && line.length > MUSL_LINE) return [];
    const [address = '', ...names] = line.replace(/#.*/, '').split(/\s+/);
    const own = library === 'glibc' ? names.map((one) => one.toLowerCase()) : names;
    return own.includes(wanted) && ipaddr.isValid(address) ? [address] : [];
  });
}
