import { describe, expect, it } from 'vitest';
import type { Row } from '../lab/scenario.ts';
import { kernels } from './kernels.ts';
import { kernelLine, kernelPage, NOTHING } from './table.ts';

const [kernel] = kernels as [(typeof kernels)[0], ...unknown[]];

const row = (file: string, cause: string, expect = cause): Row =>
  ({
    scenario: { file, expect, also_right: [] },
    control: null,
    answer: { status: 'fault', cause, seconds: 1, between: ['host/br0', 'host/up0'] },
    repaired: null,
    failedSteps: [],
  }) as unknown as Row;

describe('the table of kernels', () => {
  it('tells what was not as it must be, kernel by kernel', () => {
    const rows = [row('f01', 'forward-policy-drop'), row('s01', 'tc-drop', 'ip-forward-off')];
    const page = kernelPage(
      [{ ...NOTHING, kernel, release: '5.10.1, uml', rows, because: null, minutes: 3 }],
      2,
    );
    expect(page).toContain(`| ${kernel.name} | s01 | ip-forward-off | tc-drop |`);
    expect(page).not.toContain('| f01 |');
  });

  it('says why a kernel was not asked, and counts nothing for it', () => {
    const lacking = {
      ...NOTHING,
      kernel,
      because: 'bullseye has no linux-source-5.10',
      minutes: 0,
    };
    expect(kernelLine(lacking)).toBe(`${kernel.name}: not asked: bullseye has no linux-source-5.10`);
    expect(kernelPage([lacking], 40)).toContain(`| ${kernel.name} | bullseye has no linux-source-5.10 |`);
  });

  it('tells of the demo, of what was not there, and of what the kernel lets it see', () => {
    const played = {
      ...NOTHING,
      kernel,
      release: '5.10.1, uml',
      lacking: 2,
      demo: 1,
      abilities: [{ name: 'rules', able: false, says: 'nft is not installed' }],
      because: null,
      minutes: 3,
    };
    expect(kernelLine(played)).toContain('demo exit 1; ');
    expect(kernelLine(played)).toContain('2 need what it lacks');
    expect(kernelPage([played], 2)).toContain('| rules | no: nft is not installed |');
  });
});
