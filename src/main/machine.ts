import type { CaptureEngine, Machine, Tracing } from '../host/machine.ts';
import { told } from '../host/told.ts';
import { commandLine } from '../model/netns.ts';
import { shellLine } from '../words/text.ts';
import type { Context } from './context.ts';
import type { Screen } from './screen.ts';

/** In the lab a witness may be taken away, to see that no verdict hangs on it alone. */
async function deprived(machine: Machine): Promise<Machine> {
  const name = machine.env.NETDOCTOR_WITHOUT;
  return name ? (await import('../host/without.ts')).without(machine, name) : machine;
}

async function hostMachine(engine?: CaptureEngine, tracing?: Tracing): Promise<Machine> {
  if (process.env.NETDOCTOR_HOST) (await import('../host/image.ts')).needHost();
  return deprived((await import('../host/local.ts')).localMachine(engine, tracing));
}

/** The machine, loaded when first asked for; verbose: every program it runs is told on standard error. */
export function machineOf(
  verbose: boolean,
  screen: Pick<Screen, 'err'>,
  engine?: CaptureEngine,
  tracing?: Tracing,
): Context['machine'] {
  let loaded: Promise<Machine> | undefined;
  return async (quietly) => {
    loaded ??= hostMachine(engine, tracing);
    const machine = await loaded;
    if (!verbose || quietly) return machine;
    return told(machine, (command) => screen.err(`$ ${shellLine(commandLine(command))}\n`));
  };
}
