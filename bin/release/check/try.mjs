import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CannotHave } from '../../set-up/say.mjs';
import { tree } from './trees.mjs';

const network = readFileSync(new URL('network.sh', import.meta.url), 'utf8');
const engine = readFileSync(new URL('engine.sh', import.meta.url), 'utf8');
const shell = (name) => new URL(name, import.meta.url).pathname;

/** Installs, shows a demo at work, and looks at what is left of it. Between the marks stands what the demo said. */
const script = ({ script, after = '' }) => `
for program in cc gcc c++ python3 make; do ! command -v $program || exit 9; done
${script}
files() { find / -xdev -newermt @0 \\( -path /given -o -path /proc -o -path /sys -o -path /dev \\) -prune -o -print | sort; find /run /tmp | sort; }
netdoctor --version --json > /dev/null
files > /dev/shm/before-$$
echo ---version; netdoctor --version --json
echo ---demo; netdoctor demo ip-forward-off --json; echo ---end
files > /dev/shm/after-$$
cmp /dev/shm/before-$$ /dev/shm/after-$$ || { diff /dev/shm/before-$$ /dev/shm/after-$$ || true; rm /dev/shm/before-$$ /dev/shm/after-$$; exit 8; }
rm /dev/shm/before-$$ /dev/shm/after-$$
${network}
${after}
`;

/**
 * Answers what a form was on such a machine: which Node, glibc, engine; and what is wrong with it, which is empty where
 * all is well.
 */
export function tryOut(one, given) {
  const root = tree(one.release.suite, one.also);
  const argv = one.engine
    ? [shell('host.sh'), root, given, `${one.engine}\n${engine}`, `netdoctor-check-${process.pid}`]
    : [shell('inside.sh'), root, given, script(one)];
  const { status, stdout, stderr, error } = spawnSync('bash', argv, {
    encoding: 'utf8',
    timeout: 400_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new CannotHave(`${one.form} could not be tried.`, error.message);
  const part = (from, to) => new RegExp(`---${from}\\n(.*?)---${to}\\n`, 's').exec(stdout)?.[1];
  const [said, shown] = [part('version', 'demo'), part('demo', 'end')];
  const captured = part('cap', 'network');
  if (status !== 0 || said === undefined || shown === undefined || captured === undefined)
    return {
      node: '',
      wrong: [`exit ${status}: ${`${stdout}\n${stderr}`.trim().split('\n').slice(-6).join(' / ')}`],
    };
  const { node, native } = JSON.parse(said);
  const diagnosis = JSON.parse(shown);
  const witnesses = new Set(diagnosis.evidence.map(({ witness }) => witness));
  const wrong = [
    ...native.filter(({ because }) => because !== null).map(({ name, because }) => `${name}: ${because}`),
    ...(diagnosis.status === 'fault' && diagnosis.cause === 'ip-forward-off'
      ? []
      : [`the verdict is ${diagnosis.status}, ${diagnosis.cause}`]),
    ...diagnosis.path.filter(({ captured }) => !captured).map(({ id }) => `${id} was not captured`),
    ...['capture', 'journey', 'rule']
      .filter((name) => !witnesses.has(name))
      .map((name) => `no ${name} said anything`),
    ...byCap(JSON.parse(captured)),
    ...diagnosis.unknown.map(({ what, because }) => `${what}: ${because}`),
  ];
  return { node, wrong };
}

/** What is wrong with a diagnosis that cap captured for. */
const byCap = ({ status, path }) => [
  ...(status === 'healthy' ? [] : [`with cap it is ${status}`]),
  ...path.filter(({ captured }) => !captured).map(({ id }) => `cap did not capture ${id}`),
];
