// Bundles src into dist.
import { rmSync } from 'node:fs';
import { bundleProgram } from './bundle.mjs';

const dist = new URL('../dist', import.meta.url).pathname;
rmSync(dist, { recursive: true, force: true });
await bundleProgram(dist, { maps: true });
