/** One script in one guest, in the checkout that this is part of. */
import { join } from 'node:path';
import { inScratch } from '../lab/scratch.ts';
import { guests } from './guests.ts';
import { kernels } from './kernels.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Runs lines of bash in a guest of the kernel so named, for so many minutes at most. `left` is told the folder that the
 * guest had as `$OUT`, which is gone afterwards. @throws NotHad
 */
export async function inGuest(
  name: string,
  script: string,
  { minutes = 20, left }: { readonly minutes?: number; left(out: string): void },
): Promise<void> {
  const kernel = kernels.find((one) => one.name === name);
  if (!kernel) throw new Error(`There are ${kernels.map((one) => one.name).join(', ')}.`);
  const [guest] = guests as [(typeof guests)[0], ...unknown[]];
  await inScratch('guest', async (out) => {
    const ready = await guest.ready(kernel, (what) => console.log(`${name}: ${what}`));
    await ready.run(`cd ${ROOT} && ${script}\n`, out, minutes);
    left(out);
  });
}
