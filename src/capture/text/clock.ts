/** `14:31:02.123456` of the day here. `at`: nanoseconds since 1970. */
export function clockText(at: bigint): string {
  const date = new Date(Number(at / 1_000_000n));
  const two = (value: number): string => String(value).padStart(2, '0');
  const micros = String((at / 1000n) % 1_000_000n).padStart(6, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`;
}
