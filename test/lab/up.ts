// A lab to try things in by hand, until Ctrl-C, SIGTERM or the end of the input:
//   node bin/lab.mjs [--ipv6]
import { Lab } from './lab.ts';
import { namespacePath, places } from './names.ts';

const began = Date.now();
const lab = await Lab.up({ ipv6: process.argv.includes('--ipv6') });

console.log(`built in ${Date.now() - began} ms; folder ${lab.folder}`);
for (const place of places) console.log(`${place.padEnd(5)} ${lab.names[place]}`);
console.log(
  `\nnsenter --net=${namespacePath(lab.names.host)} bin/netdoctor diagnose netns:${lab.names.A} --to 198.51.100.1:80`,
);
console.log('\nIt stays until Ctrl-C, SIGTERM or the end of the input.');
process.stdin.on('end', () => process.exit(0)).resume();
