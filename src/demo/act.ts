import { installLine, isWanted } from '../host/installing.ts';
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import { type Command, commandLine, type Netns } from '../model/netns.ts';
import { plain, shellLine } from '../words/text.ts';

/** Runs a command that has to work. @throws Failure with the command and what it said. */
export async function act(machine: Machine, command: Command, input?: string): Promise<void> {
  const answer = await machine.run(command, input === undefined ? {} : { input });
  if (answer.known && answer.value.code === 0) return;
  const said = answer.known ? plain(answer.value.stderr.trim()) : answer.detail;
  // What iptables-restore is in is what iptables is in.
  const program = command.argv[0].replace(/-(restore|save)$/, '');
  const lacks = !answer.known && answer.because === 'no-such-tool' && isWanted(program);
  const late = !answer.known && answer.because === 'timeout';
  throw cannotLook(
    'demo-not-built',
    `The demo could not be set up: \`${shellLine(commandLine(command))}\` said: ${said}`,
    lacks ? installLine(program) : late ? 'netdoctor demo --timeout 60' : 'netdoctor demo list',
  );
}

/** The namespace that `ip netns` keeps under this name. @throws Failure when there is none. */
export function namespace(machine: Machine, name: string): Netns {
  const answer = machine.netns(`/run/netns/${name}`);
  if (answer.known) return answer.value;
  throw cannotLook(
    'demo-not-built',
    `The demo's namespace ${name} is gone: ${answer.detail}`,
    'netdoctor demo',
  );
}
