import { z } from 'zod';
import type { Answer, NetdoctorRun, Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** The part of netdoctor's document that a scenario judges. */
const document = z.object({
  status: z.enum(['healthy', 'fault', 'undecided']),
  cause: z.string().nullable(),
  between: z.tuple([z.string().nullable(), z.string().nullable()]).nullable(),
});

const exitCodes = { healthy: 0, fault: 1, undecided: 3 };

/** Asks netdoctor, as a script would. A document or an exit code against its contract is a failure. */
export async function askNetdoctor(
  network: Network,
  scenario: Scenario,
  processId?: number,
): Promise<Answer> {
  const target = scenario.target === 'process' ? `pid:${processId}` : scenario.target;
  const began = performance.now();
  const { client } = scenario;
  let asking: Promise<unknown> | undefined;
  const begin = client
    ? () => {
        asking = network.step(client);
      }
    : undefined;
  const run = await network.netdoctor(target, scenario.args, begin);
  const seconds = (performance.now() - began) / 1000;
  // A client that nobody answered goes on asking: the next question wants its port, and a quiet wire.
  await asking;
  return answerOf(run, seconds);
}

/** What a run said. */
export function answerOf(run: NetdoctorRun, seconds: number): Answer {
  const failed = (complaint: string): Answer => ({
    status: 'failed',
    cause: null,
    between: null,
    seconds,
    complaint,
  });

  let json: unknown;
  try {
    json = JSON.parse(run.stdout);
  } catch {
    return failed(
      `exit ${run.exitCode}, no document: ${run.stderr.trim() || run.stdout.trim()}`.slice(0, 400),
    );
  }
  const refusal = z.object({ message: z.string() }).safeParse(json);
  if (refusal.success) return failed(`exit ${run.exitCode}: ${refusal.data.message}`);
  const result = document.safeParse(json);
  if (!result.success) return failed(`exit ${run.exitCode}: ${run.stdout}`.slice(0, 400));
  if (run.exitCode !== exitCodes[result.data.status]) {
    return failed(`${result.data.status}, and exit code ${run.exitCode}`);
  }
  return { ...result.data, seconds, document: run.stdout };
}
