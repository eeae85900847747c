import type { Recording } from '../../src/host/record/recording.ts';
import type { Answer } from '../../src/model/answer.ts';

const CODE = /^([0-9a-f]{16}) [tTwW] /;

/** The same recording with those functions of /proc/kallsyms alone that an address in its trace lies in: there are 100,000. */
export function onlyToldSymbols(recording: Recording): Recording {
  const addresses = recording.told.flatMap(({ event }) => {
    const [, digits] = /\blocation=([0-9a-f]{8,16})\b/.exec((event as { line?: string }).line ?? '') ?? [];
    return digits === undefined ? [] : [BigInt(`0x${digits}`)];
  });
  const asked = recording.asked.map((one) => {
    const answer = one.answer as Answer<string>;
    if (one.ask !== 'read /proc/kallsyms' || !answer.known) return one;
    const code = answer.value.split('\n').flatMap((line) => {
      const [, digits] = CODE.exec(line) ?? [];
      return digits === undefined ? [] : [{ line, start: BigInt(`0x${digits}`) }];
    });
    const named = addresses.flatMap((address) => {
      const before = code.filter(({ start }) => start <= address);
      const last = before.reduce((best, each) => (each.start > best.start ? each : best), before[0]!);
      return last ? [last.line] : [];
    });
    const value = [...new Set(named)].map((line) => `${line}\n`).join('');
    return { ...one, answer: { ...answer, value } };
  });
  return { ...recording, asked };
}
