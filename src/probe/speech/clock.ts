/** What a server's Date header tells of this host's clock: RFC 9110, 6.6.1. */

/** Servers' own clocks differ so much, and nothing minds. Milliseconds. */
const APART = 5 * 60_000;
const [DAY, HOUR, MINUTE] = [86_400_000, 3_600_000, 60_000];

/** Milliseconds since 1970 by the server's clock; null where it says nothing of it. A cache tells its answer's age beside it. */
export function serverTime(head: string): number | null {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*([^\\r\\n]{1,40})\\r?$`, 'im').exec(head)?.[1];
  const date = Date.parse(field('Date') ?? '');
  const age = Number(field('Age') ?? 0);
  return Number.isNaN(date) ? null : date + (Number.isInteger(age) && age > 0 ? age * 1000 : 0);
}

/** How far this host's clock is from it, in words; null where that is no matter. Milliseconds since 1970. */
export function clockApart(server: number | null, now: number): string | null {
  if (server === null || Math.abs(now - server) < APART) return null;
  return `this host's clock is ${span(Math.abs(now - server))} ${now > server ? 'ahead of' : 'behind'} that of the server: certificates look out of date by it`;
}

function span(milliseconds: number): string {
  const [unit, word] =
    milliseconds >= 2 * DAY
      ? [DAY, 'days']
      : milliseconds >= 2 * HOUR
        ? [HOUR, 'hours']
        : [MINUTE, 'minutes'];
  return `${Math.round(milliseconds / unit)} ${word}`;
}
