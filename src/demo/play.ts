/** One demo from the first line to the last: built, broken, diagnosed, told. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { type Failure, wrongCall } from '../model/failure.ts';
import { type Command, commandLine } from '../model/netns.ts';
import { list, plain, shellLine } from '../words/text.ts';
import { act } from './act.ts';
import { buildNetwork } from './build.ts';
import { shortcomings } from './enclosure.ts';
import { type DemoFault, type Question, questionLine, questionOf } from './fault.ts';
import { refuseHarmless } from './harmless.ts';
import { type DemoNetwork, picture } from './network.ts';

/** What the demo needs of the program around it. */
export interface Stage {
  /** Asks the question as `netdoctor diagnose` would, shows the answer, and hands it back. */
  diagnose(question: Question): Promise<Diagnosis | null>;
  /** A paragraph, wrapped to the screen's width. */
  say(text: string): void;
  /** A line as it is: a command that somebody may copy, a drawing. */
  show(line: string): void;
}

/** A network that stands, how it is drawn, and what is asked about it unless the fault asks something else. */
export interface Built {
  readonly net: DemoNetwork;
  readonly drawing: readonly string[];
  readonly question?: Question;
}

async function demoNetwork(machine: Machine): Promise<Built> {
  const net = await buildNetwork(machine);
  return { net, drawing: picture(net) };
}

/** Plays a fault on the demo's network, or on another. Answers 0 when the verdict names what was broken, 3 when it is undecided, 1 otherwise. @throws Failure */
export async function play(
  machine: Machine,
  fault: DemoFault,
  stage: Stage,
  build: (machine: Machine) => Promise<Built> = demoNetwork,
): Promise<0 | 1 | 3> {
  const { net, drawing, question: usual } = await build(machine);
  const broken = fault.inject(net);
  refuseGaps(fault, broken);
  for (const command of broken) await (usual ? breakPart(machine, fault, command) : act(machine, command));
  const question = fault.question === undefined && usual ? usual : questionOf(fault, net);
  if (usual) await refuseHarmless(machine, fault, question, net);

  stage.say(
    'A throwaway network, made of namespaces; it goes away with this program. Something in it is broken.',
  );
  const lost = shortcomings(machine);
  if (lost !== null) stage.say(lost);
  for (const line of ['', ...drawing, '', `$ ${shellLine(questionLine(question))}`]) stage.show(line);
  const diagnosis = await stage.diagnose(question);

  stage.show('');
  stage.say(`What the demo had broken: ${fault.title} (${fault.id}).`);
  for (const command of broken) stage.show(`  ${shellLine(commandLine(command))}`);
  stage.show('');
  stage.say(fault.lecture.replaceAll('\n', ' '));
  stage.show('');
  const code = judge(fault, diagnosis);
  stage.say(sentence(fault, diagnosis, code));
  return code;
}

/** A recipe's network lacks what it has no use for: a bridge, a host's end. */
function refuseGaps(fault: DemoFault, broken: readonly Command[]): void {
  if (broken.every(({ argv }) => argv.every((word) => word !== '' && !/^\/\d+$/.test(word)))) return;
  throw noSuchPart(fault);
}

const noSuchPart = (fault: DemoFault, why = ''): Failure =>
  wrongCall(
    'no-such-part',
    `This network has no part in which ${fault.id} could be made${why}.`,
    'netdoctor demo bridge-nat --break ID, or netdoctor demo list',
  );

/** A recipe's network may lack the route or rule that is to be taken away: the command says so. @throws Failure */
async function breakPart(machine: Machine, fault: DemoFault, command: Command): Promise<void> {
  const answer = await machine.run(command);
  if (answer.known && answer.value.code === 0) return;
  const said = answer.known ? plain(answer.value.stderr.trim()) : answer.detail;
  throw noSuchPart(fault, `: \`${shellLine(commandLine(command))}\` said: ${said.replace(/\.$/, '')}`);
}

function judge(fault: DemoFault, diagnosis: Diagnosis | null): 0 | 1 | 3 {
  if (diagnosis?.cause && [fault.id, ...(fault.alsoRight ?? [])].includes(diagnosis.cause)) return 0;
  return diagnosis === null || diagnosis.status === 'undecided' ? 3 : 1;
}

function sentence(fault: DemoFault, diagnosis: Diagnosis | null, code: 0 | 1 | 3): string {
  if (code === 0) return `✓ The verdict names it: ${diagnosis?.cause}.`;
  if (diagnosis === null) return '✗ There was no verdict.';
  const missing = diagnosis.unknown.map(({ what }) => what);
  if (code === 3) {
    return `✗ The verdict is undecided${missing.length > 0 ? `: it could not look at ${list(missing)}` : ''}.`;
  }
  return `✗ The verdict is ${diagnosis.cause ?? diagnosis.status}, not ${fault.id}.`;
}
