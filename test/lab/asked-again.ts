/** A sample scenario asked in other ways too: by the other engine, and its saved file judged where none of its network is. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { answerOf, askNetdoctor } from './ask-netdoctor.ts';
import { program } from './lab-network.ts';
import { networkOf } from './network.ts';
import { type Answer, type Asker, type Network, play, type Row } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** Live by one packet socket a namespace, its file replayed, and live by libpcap. */
export const WAYS = ['packet', 'replayed', 'cap'] as const;
export type Way = (typeof WAYS)[number];

/** Each way before the fault, under it, and after the repair. */
export async function askedAgain(scenario: Scenario): Promise<Record<Way, Row>> {
  const network = await networkOf(scenario);
  /** What the other ways answered, by the order in which it was asked. */
  const others: { replayed: Answer; cap: Answer }[] = [];
  const thrice: Asker = async (on, asked, processId) => {
    const file = join(on.lab.folder, `sample-${others.length}.pcapng`);
    const packet = await askNetdoctor(on, { ...asked, args: [...asked.args, '--save', file] }, processId);
    // What has no verdict has no file.
    const replayed = packet.status === 'failed' ? packet : await replay(on, file);
    const cap = await askNetdoctor(on, { ...asked, args: [...asked.args, '--engine', 'cap'] }, processId);
    others.push({ replayed, cap });
    return packet;
  };
  try {
    const packet = await play(scenario, network, thrice);
    const way = (name: 'replayed' | 'cap'): Row => {
      const [first, ...rest] = others.map((one) => one[name]);
      const [control, answer, repaired] = packet.control ? [first!, ...rest] : [null, first!, ...rest];
      return { ...packet, control, answer: answer!, repaired: repaired ?? null };
    };
    return { packet, replayed: way('replayed'), cap: way('cap') };
  } finally {
    await network.down();
  }
}

async function replay({ lab }: Network, file: string): Promise<Answer> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await lab.run('LAN', [program, 'replay', file, '--json'], {
    reject: false,
    timeout: 60_000,
  });
  rmSync(file);
  const run = { exitCode: exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) };
  return answerOf(run, (performance.now() - began) / 1000);
}

const verdictOf = (answer: Answer | null) => {
  if (!answer) return null;
  const { status, cause, between, complaint, document } = answer;
  return { status, cause, between, complaint, direction: document && JSON.parse(document).direction };
};
const verdictsOf = ({ control, answer, repaired }: Row) => [control, answer, repaired].map(verdictOf);

/** Every way says what was said live. */
export function expectOneVerdict({ packet, replayed, cap }: Record<Way, Row>): void {
  expect(packet.answer.status).not.toBe('failed');
  const live = verdictsOf(packet);
  expect({ replayed: verdictsOf(replayed), cap: verdictsOf(cap) }).toEqual({ replayed: live, cap: live });
}
