#!/usr/bin/env node
// Makes what people install, into release/:  npm run release [-- tarball single deb image]
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildNative, sha256 } from './release/native.mjs';
import { libpcapTerms } from './release/notice.mjs';
import { out } from './release/places.mjs';
import { assemble } from './release/program.mjs';
import { CannotHave, fail } from './set-up/say.mjs';

const makers = {
  tarball: async (program) => (await import('./release/tarball.mjs')).makeTarball(program),
  single: async (program) => (await import('./release/single.mjs')).makeSingle(program),
  deb: async (program) => (await import('./release/deb.mjs')).makeDeb(program),
  image: async (program) => (await import('./release/image.mjs')).makeImage(program),
};

const asked = process.argv.slice(2);
const wanted = asked.length > 0 ? asked : Object.keys(makers);

try {
  for (const name of wanted)
    if (!Object.hasOwn(makers, name))
      throw new CannotHave(
        `There is no form called “${name}”.`,
        `There is ${Object.keys(makers).join(', ')}.`,
        ['npm run release'],
      );
  mkdirSync(out, { recursive: true });
  const say = (text) => process.stderr.write(`release  ${text}\n`);
  say('native parts: for Node 20 to 26, on x64 and arm64');
  const native = buildNative();
  say(`native parts: ready, for glibc ${native.glibc} and newer`);
  const program = await assemble(native.folder, [libpcapTerms()]);
  for (const name of wanted) say(`${await makers[name](program)}: made`);
  const files = readdirSync(out)
    .filter((name) => name.startsWith('netdoctor'))
    .sort();
  writeFileSync(
    join(out, 'SHA256SUMS'),
    files.map((name) => `${sha256(join(out, name))}  ${name}\n`).join(''),
  );
} catch (error) {
  fail(error);
}
