import { z } from 'zod';
import { question, value } from '../question.ts';
import type { World } from '../world.ts';
import { wrongAnswer } from '../wrong.ts';

/** IPv4 and ICMP header: what ping's -s does not count. */
const HEADERS = 28;
/** RFC 791 obliges nobody to more than 68; below 576 no path of today is found. */
const SMALLEST = 576;

/** Does a packet of this size, not to be fragmented, get an answer? */
async function passes(size: number, to: string, place: string, world: World): Promise<boolean> {
  const words = ['ping', '-n', '-c1', '-W1', '-M', 'do', '-s', String(size - HEADERS), to] as const;
  const answer = await world.look(place, [...words]);
  return answer.known && answer.value.code === 0;
}

/** The biggest size between the two that passes, by halving. */
async function biggest(
  low: number,
  high: number,
  passes: (size: number) => Promise<boolean>,
): Promise<number> {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

export default question({
  name: 'path-mtu',
  does: 'the biggest packet that passes to an address, measured from the container',
  gives: {
    mss: 'the TCP segment that fits',
  },
  params: z.object({ of: z.string(), to: z.string() }),
  async suggest({ of, to }, { world, answer }) {
    const place = answer(of).text;
    const far = answer(to).text;
    const mtus = (await world.stack(place)).links
      .filter((link) => link.name !== 'lo')
      .map((link) => link.mtu);
    const widest = Math.max(SMALLEST, ...mtus);
    const test = (size: number): Promise<boolean> => passes(size, far, place, world);
    if (await test(widest)) return String(widest);
    return (await test(SMALLEST)) ? String(await biggest(SMALLEST, widest, test)) : null;
  },
  async read(text, { to }, { answer }) {
    if (text === '')
      throw wrongAnswer(
        `Nothing comes back from ${answer(to).text}, so the path MTU could not be measured.`,
        'Give it by hand, such as --set mtu=1400, or measure to another address.',
      );
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < 576 || number > 65_535)
      throw wrongAnswer(`"${text}" is no MTU.`, 'Between 576 and 65535; 1500 is usual.');
    return value(text, { mss: String(number - 40) });
  },
});
