/** What a program meets, and the scenarios that are about it: by their cause, or by what they are named for. */
import { readScenarios, type Scenario } from '../lab/scenario-file.ts';

/** A subject, and how its scenarios are known: by the cause that is expected or feigned, or by the file's name. */
const SUBJECTS: readonly (readonly [string, RegExp, RegExp])[] = [
  ['every address of a name', /^program-asks-old-address/, /one-address|two-addresses|both-addresses/],
  ['answers to names', /^dns-(answer|search|tcp)/, /^(cousin-intercepted|server-)/],
  [
    'names and their servers',
    /^dns-|^proxy-env/,
    /(^|-)name-|^cousin-(first|second)-server|^cousin-forwarder/,
  ],
  ['data after the handshake', /^(data-|reset-on|mtu-)/, /^(decoy-)?data-|^cousin-quota/],
  ['datagrams of a protocol', /^(one-to-many|conntrack-helper)/, /^udp-|datagrams|tftp/],
  [
    'what cannot be sent',
    /^(source-ports|send-refused|program-out|container-cgroup|container-permission)/,
    /^send-|call-ports/,
  ],
  [
    'what the program does now',
    /^(connection-stalled|flow-forgotten|datagrams-untranslated|listener-stuck)/,
    /^now-/,
  ],
  ['gentle cases', /^helper-carries/, /^proxy-|transparent-proxy|own-stack/],
];

/** What a scenario is about; undefined: the network alone. */
function subjectOf({ file, expect, decoy_of: feigned, later }: Scenario): string | undefined {
  if (later !== undefined) return undefined;
  const cause = expect === 'healthy' ? (feigned ?? '') : expect;
  const named = SUBJECTS.find(([, , name]) => name.test(file));
  return (named ?? SUBJECTS.find(([, of]) => of.test(cause)))?.[0];
}

export interface Subject {
  readonly name: string;
  readonly healthy: readonly string[];
  readonly others: readonly string[];
}

export function subjects(scenarios: readonly Scenario[] = readScenarios()): Subject[] {
  return SUBJECTS.map(([name]) => {
    const own = scenarios.filter((one) => subjectOf(one) === name);
    const healthy = own.filter(({ expect }) => expect === 'healthy');
    return {
      name,
      healthy: healthy.map(({ file }) => file),
      others: own.filter((one) => !healthy.includes(one)).map(({ file }) => file),
    };
  });
}
