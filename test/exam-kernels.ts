// Plays scenarios on other kernels, in guests that boot this machine's own root:
//   npm run exam:kernels                        40 scenarios, chosen by a rule, on every kernel of the list
//   npm run exam:kernels -- --kernel 6.1        on one; again for another
//   npm run exam:kernels -- --guest qemu        on Debian's own, emulated, in place of User-Mode Linux
//   npm run exam:kernels -- --spread 10         so many scenarios
//   npm run exam:kernels -- f01 s01             those with such words in their names
//   npm run exam:kernels -- --keep FOLDER       and keeps what the guests left there
//   npm run exam:kernels -- --keep FOLDER --continue   goes on with what an earlier run left there;
//                                               with --minutes 0 it only tells of it
//   npm run exam:kernels -- --write             and keeps the table in docs/exam-kernels.md
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grade } from './exam/grade.ts';
import { named } from './exam/is-named.ts';
import { spread } from './exam/spread.ts';
import { built } from './kernels/built.ts';
import type { Ready } from './kernels/guest.ts';
import { guests } from './kernels/guests.ts';
import { type Kernel, kernels } from './kernels/kernels.ts';
import { forget, leftIn } from './kernels/left.ts';
import { NotHad } from './kernels/not-had.ts';
import { type Asked, kernelLine, kernelPage, NOTHING } from './kernels/table.ts';
import { readScenarios } from './lab/scenario-file.ts';
import { inScratch } from './lab/scratch.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', multiple: true },
    guest: { type: 'string', default: 'uml' },
    spread: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '60' },
    keep: { type: 'string' },
    continue: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ROOT = join(import.meta.dirname, '..');

// Engines start slowly there, and ask for more than a guest's kernel has.
const all = readScenarios().filter(({ later, engine }) => later === undefined && engine === undefined);
const chosen = positionals.length > 0 ? named(all, positionals) : spread(all, Number(values.spread));
const guest = guests.find(({ name }) => name === values.guest);
if (!guest)
  throw new Error(`There is no guest "${values.guest}": ${guests.map(({ name }) => name).join(', ')}.`);
const wanted = values.kernel ? kernels.filter(({ name }) => values.kernel?.includes(name)) : kernels;
if (wanted.length === 0) throw new Error(`There are ${kernels.map(({ name }) => name).join(', ')}.`);

const exam = await built('test/exam.ts');
const asked: Asked[] = [];
for (const kernel of wanted) {
  const one = await (values.keep
    ? askOn(kernel, join(values.keep, kernel.name))
    : inScratch('guest', (out) => askOn(kernel, out)));
  asked.push(one);
  console.log(kernelLine(one));
}
if (values.write) writeFileSync(join(ROOT, 'docs/exam-kernels.md'), kernelPage(asked, chosen.length));
const isRight = ({ rows, demo }: Asked): boolean =>
  (demo === null || demo === 0) && rows.every((row) => grade(row) === 'right');
process.exit(asked.every(isRight) ? 0 : 1);

/** `out` is where its guest leaves what was answered. */
async function askOn(kernel: Kernel, out: string): Promise<Asked> {
  mkdirSync(out, { recursive: true });
  if (!values.continue) forget(out, false);
  const before = leftIn(out, chosen);
  try {
    const wanted = Number(values.minutes) > 0;
    if (!wanted && before.release === '') throw new NotHad('it has not been asked yet');
    if (wanted && (!before.ended || before.unplayed > 0)) {
      const ready = await guest!.ready(kernel, (what) => console.log(`${kernel.name}: ${what}`));
      const taken = await asLongAsItGoesOn(ready, out, Number(values.minutes));
      writeFileSync(join(out, 'minutes'), String(before.minutes + taken));
    }
    const { release, ended, unplayed, ...left } = leftIn(out, chosen);
    const because = ended && unplayed === 0 ? null : `${unplayed} scenarios are still to be asked`;
    return { ...left, kernel, release: `${release || 'no word'}, ${guest!.name}`, because };
  } catch (error) {
    if (!(error instanceof NotHad)) throw error;
    return { ...NOTHING, kernel, because: error.message };
  }
}

/** Another guest goes on where one stood still, unless that had played nothing. Minutes that it took. */
async function asLongAsItGoesOn(ready: Ready, out: string, minutes: number): Promise<number> {
  const began = Date.now();
  const taken = (): number => (Date.now() - began) / 60_000;
  for (let had = -1, played = leftIn(out, chosen).rows.length; taken() < minutes && played > had; ) {
    had = played;
    forget(out, true);
    await ready.run(script(), out, minutes - taken());
    const { ended, rows } = leftIn(out, chosen);
    if (ended) break;
    played = rows.length;
  }
  return taken();
}

/** What the guest runs: the built netdoctor and the built exam, so that nothing is compiled there. */
function script(): string {
  // With its folder's end and its cause, a name is no part of another one.
  const { timeout } = guest!;
  const names = chosen.map(({ file, expect }) => `'/${file} ${expect}'`).join(' ');
  return `uname -r >$OUT/release
cd ${ROOT} || exit
${process.execPath} bin/netdoctor --version --json >$OUT/abilities
${process.execPath} bin/netdoctor demo --timeout ${timeout} >$OUT/demo 2>&1; echo $? >$OUT/demo-rc
${process.execPath} ${exam} --jobs 1 --timeout ${timeout} --continue $OUT/rows --keep $OUT/documents ${names}
`;
}
