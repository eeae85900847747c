/** Debian's own kernels, emulated: one processor, without the help of this machine's. Slow, and the real thing. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApart } from '../../lab/apart.ts';
import { inScratch } from '../../lab/scratch.ts';
import { guest, STILL } from '../guest.ts';
import { lacking } from '../lacking.ts';
import { NotHad } from '../not-had.ts';
import { firstRoot, type Unpacked, unpacked } from './qemu-kernel.ts';

const INSIDE = join(import.meta.dirname, '../inside');
const EMULATOR = 'qemu-system-x86_64';
const TOOLS = [EMULATOR, 'busybox', 'depmod', 'modprobe', 'xz', 'zstd'];
const SERVERS = ['/usr/libexec/virtiofsd', '/usr/lib/qemu/virtiofsd'];

export default guest({
  name: 'qemu',
  about: 'Debian’s own kernels, emulated',
  timeout: 120,
  async ready(kernel, tell) {
    const tool = await lacking(TOOLS);
    if (tool !== undefined) throw without(tool);
    const server = SERVERS.find((one) => existsSync(one));
    if (server === undefined) throw without('virtiofsd');
    const parts = await unpacked(kernel, tell);
    return {
      async run(script, out, minutes) {
        writeFileSync(join(out, 'run'), script);
        await boot(parts, server, out, minutes);
      },
    };
  },
});

const without = (tool: string): NotHad =>
  new NotHad(
    `emulating a machine wants ${tool} (apt-get install qemu-system-x86 busybox-static kmod xz-utils zstd)`,
  );

const boot = (parts: Unpacked, server: string, out: string, minutes: number): Promise<void> =>
  inScratch('qemu', async (scratch) => {
    const words = machine(parts, await firstRoot(parts, scratch), scratch);
    await runApart(
      [join(INSIDE, 'qemu-outside'), scratch, out, server, ...words],
      minutes,
      {
        stdout: { file: join(out, 'console') },
      },
      { folder: out, minutes: STILL },
    );
  });

/** One processor: on two a kernel that patches itself while it is traced has met its own breakpoint. */
function machine({ release, image, tree }: Unpacked, first: string, scratch: string): string[] {
  const folder = (tag: string): string[] => [
    ...['-chardev', `socket,id=${tag},path=${join(scratch, `${tag}.sock`)}`],
    ...['-device', `vhost-user-fs-pci,chardev=${tag},tag=${tag},queue-size=1024`],
  ];
  const told = [
    'console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr audit=0 random.trust_cpu=on tsc=unstable',
    `modules=${join(tree, 'lib/modules', release)}`,
    `here=${INSIDE}`,
  ];
  return [
    EMULATOR,
    ...['-machine', 'q35,memory-backend=mem', '-accel', 'tcg', '-cpu', 'max', '-smp', '1'],
    ...['-m', '2G', '-object', 'memory-backend-memfd,id=mem,size=2G,share=on'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
    ...folder('root'),
    ...folder('out'),
    ...['-device', 'virtio-rng-pci'],
    ...['-kernel', image, '-initrd', first, '-append', told.join(' ')],
  ];
}
