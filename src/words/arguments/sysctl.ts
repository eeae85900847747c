/** What sysctl(8) would make of an argument list: netdoctor asks for and sets what is below net, and nothing else. */

const OPTION = /^-[nwqe]+$/;

/**
 * Does the key name a file below /proc/sys/net? sysctl takes `.` for `/` and `/` for `.`, or the other way round, as the
 * first of them in the key says; so `net.//.kernel` leads up again.
 */
export function isNetKey(key: string): boolean {
  const swapped = key.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'));
  const parts = (/[./]/.exec(key)?.[0] === '/' ? key : swapped).split('/');
  return (
    parts.length > 1 &&
    parts[0] === 'net' &&
    parts.every((part) => /^[^\s=]+$/.test(part) && !/^\.{1,2}$/.test(part))
  );
}

/** Why sysctl must not be given these words; null where all of them are about the network. */
export function sysctlRefusal(args: readonly string[]): string | null {
  if (args.some((word) => word.startsWith('-') && !OPTION.test(word))) return 'a word of it is an option';
  const keys = args.filter((word) => !word.startsWith('-')).map((word) => word.split('=')[0] ?? '');
  return keys.every(isNetKey) ? null : 'it is about more than the network';
}
