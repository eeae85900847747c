/**
 * Runs a program on the demo's network, in namespaces of its own:
 *   unshare --mount --net node … CASE PROGRAM [ARGUMENTS]
 */
import { runAttached } from '../../../src/host/attached.ts';
import { cases } from './cases.ts';
import { prepare, stage } from './stage.ts';

const [name = '', ...argv] = process.argv.slice(2);
const machine = await stage();
const end = await prepare(machine, cases[name]?.namespaces ?? { recipe: name });
const code = await runAttached(argv as [string, ...string[]], {});
await end();
process.exit(code ?? 1);
