// Makes the commonest faults on real engines, each in a Debian tree of its own:
//   npm run exam:engines                          every fault on every engine
//   npm run exam:engines -- --on podman           on those with such words in their names; again for others
//   npm run exam:engines -- veth dns              faults with such words in their names
//   npm run exam:engines -- --keep FOLDER         and keeps what was answered there
//   npm run exam:engines -- --keep FOLDER --continue   goes on with what an earlier run left there;
//                                                 with --minutes 0 it only tells of it
//   npm run exam:engines -- --repair              mends and undoes them, and tells how each went
//   npm run exam:engines -- --write               and keeps the table in docs/exam-faults-on-engines.md
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enclosed, type Tree } from './engines/enclosure.ts';
import { faultsOn } from './engines/faults.ts';
import { type Engine, engines, missing, packagesOf } from './engines/kinds.ts';
import { forget, leftOn } from './engines/left.ts';
import { type AskedOn, engineLine, faultsPage, isGood } from './engines/table.ts';
import { treeOf } from './engines/trees.ts';
import { versionIn } from './engines/version.ts';
import { named } from './exam/is-named.ts';
import { built } from './kernels/built.ts';
import { said } from './kernels/left.ts';
import { NotHad } from './kernels/not-had.ts';
import type { Scenario } from './lab/scenario-file.ts';
import { inScratch } from './lab/scratch.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    on: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '30' },
    keep: { type: 'string' },
    continue: { type: 'boolean', default: false },
    repair: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ROOT = join(import.meta.dirname, '..');

const wanted = engines.filter(
  ({ name }) => !values.on || values.on.some((word) => name.toLowerCase().includes(word.toLowerCase())),
);
if (wanted.length === 0) throw new Error(`There are ${engines.map(({ name }) => name).join(', ')}.`);

const exam = await built(values.repair ? 'test/exam-repair.ts' : 'test/exam.ts');
const asked: AskedOn[] = [];
/** Repairs that did not all come out as they must, by the name of the engine. */
const unmended: string[] = [];
for (const engine of wanted) {
  const one = await (values.keep
    ? askOn(engine, join(values.keep, engine.name.toLowerCase().replaceAll(' ', '-')))
    : inScratch('answers', (out) => askOn(engine, out)));
  asked.push(one);
  if (!values.repair || one.version === null) console.log(engineLine(one));
}
const files = named(faultsOn('docker'), positionals).map(({ file }) => file);
if (values.write && !values.repair)
  writeFileSync(join(ROOT, 'docs/exam-faults-on-engines.md'), faultsPage(asked, files, missing));
process.exit(unmended.length === 0 && asked.every(({ rows }) => rows.every(isGood)) ? 0 : 1);

/** `out` is where its enclosure leaves what was answered. */
async function askOn(engine: Engine, out: string): Promise<AskedOn> {
  mkdirSync(out, { recursive: true });
  if (!values.continue) forget(out);
  const faults = named(faultsOn(engine.kind.engine), positionals);
  const tell = (what: string): void => console.log(`${engine.name}: ${what}`);
  try {
    if (Number(values.minutes) > 0 && leftOn(out, faults).unplayed > 0) {
      const tree = { tree: await treeOf(engine, packagesOf(engine), tell), groups: engine.groups };
      await versionIn(tree, engine, out);
      if (values.repair) return await mendOn(engine, tree, faults, out);
      const began = Date.now();
      await enclosed(tree, script(engine, faults), out, Number(values.minutes));
      writeFileSync(
        join(out, 'minutes'),
        String(leftOn(out, faults).minutes + (Date.now() - began) / 60_000),
      );
    }
    const { unplayed, version, because: before, ...left } = leftOn(out, faults);
    if (version === null) throw new NotHad(before ?? 'it has not been asked yet');
    const because = unplayed === 0 ? null : `${unplayed} faults are still to be asked`;
    return { engine, version, because, ...left };
  } catch (error) {
    if (!(error instanceof NotHad)) throw error;
    if (Number(values.minutes) > 0) writeFileSync(join(out, 'because'), error.message);
    return { engine, version: null, rows: [], because: error.message, minutes: 0 };
  }
}

/** A line of netdoctor's exam of repairs for each fault. */
async function mendOn(
  engine: Engine,
  tree: Tree,
  faults: readonly Scenario[],
  out: string,
): Promise<AskedOn> {
  await enclosed(tree, script(engine, faults), out, Number(values.minutes));
  console.log(`${engine.name}:\n${said(out, 'log')}`);
  if (said(out, 'rc') !== '0') unmended.push(engine.name);
  return { engine, version: leftOn(out, faults).version, rows: [], because: null, minutes: 0 };
}

/** What is run inside: the built netdoctor and the built exam, so that nothing is compiled there. */
function script({ kind, daemon }: Engine, faults: readonly Scenario[]): string {
  const words = [
    ...['--jobs', '1', '--engine', kind.engine, '--daemon', JSON.stringify(daemon ?? {})],
    ...(values.repair ? [] : ['--continue', '/out/rows', '--keep', '/out/documents']),
    // With its cause, a name is no part of another one.
    ...faults.map(({ file, expect }) => `${file} ${expect}`),
  ];
  return `${[process.execPath, exam, ...words].map((word) => `'${word}'`).join(' ')}\n`;
}
