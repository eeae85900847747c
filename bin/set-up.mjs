#!/usr/bin/env node
// Everything a fresh Debian machine needs before netdoctor runs from its checkout:
// Debian packages, npm packages, the bundle. Each step looks first, so that a second run costs nothing.
//
//   node bin/set-up.mjs          what running netdoctor needs
//   node bin/set-up.mjs demo     the same: a throwaway network needs no more
//   node bin/set-up.mjs test     everything the tests need, Docker and Podman included
//   node bin/set-up.mjs engines  and what makes Debians of other suites, where engines are asked
//   node bin/set-up.mjs suites   and what the long suites need: the programs of Wireshark
import { buildProgram } from './set-up/build.mjs';
import { installDebianPackages } from './set-up/debian.mjs';
import { installNpmPackages } from './set-up/npm.mjs';
import { profiles } from './set-up/packages.mjs';
import { CannotHave, fail } from './set-up/say.mjs';

const profile = process.argv[2] ?? 'demo';

if (process.platform !== 'linux') {
  fail(
    new CannotHave('netdoctor needs Linux.', 'It reads the path of packets from the Linux kernel.', [
      'run it on the Linux machine that holds the containers',
    ]),
  );
}
if (!Object.hasOwn(profiles, profile)) {
  fail(
    new CannotHave(
      `There is no set-up called “${profile}”.`,
      `A set-up is one of: ${Object.keys(profiles).join(', ')}.`,
      ['node bin/set-up.mjs demo', 'node bin/set-up.mjs test'],
    ),
  );
}

try {
  await installDebianPackages(profiles[profile]);
  await installNpmPackages();
  await buildProgram();
} catch (error) {
  fail(error);
}
