/** What a person has set once: `config.yaml` of their own, else the one of this host. */
import type { Machine } from '../host/machine.ts';
import { wrongCall } from '../model/failure.ts';
import { plain, shellLine } from '../words/text.ts';

/** The first configuration that says where to ask for; undefined where none does. @throws Failure */
export async function configuredDestination(machine: Machine): Promise<string | undefined> {
  const home = machine.env.XDG_CONFIG_HOME || (machine.env.HOME ? `${machine.env.HOME}/.config` : undefined);
  for (const folder of [...(home ? [home] : []), '/etc']) {
    const file = `${folder}/netdoctor/config.yaml`;
    const text = machine.readForeign(file, { trusted: true });
    // One that is no file, or far too long, was meant by somebody: passing it over would ask elsewhere.
    if (!text.known && text.because === 'unreadable')
      throw wrongCall(
        'bad-configuration',
        `The configuration cannot be read: ${plain(text.detail)}.`,
        shellLine(['ls', '-l', file]),
      );
    if (!text.known) continue;
    // Under sudo -E the folder is somebody else's, who would choose what root asks for.
    const own = machine.uid === 0 ? machine.ownedAlone(file) : null;
    if (own && !own.known)
      throw wrongCall(
        'bad-configuration',
        `The configuration ${plain(file)} is not believed, since others can write it: ${plain(own.detail)}.`,
        'Use sudo -H, or keep it in /etc/netdoctor/config.yaml.',
      );
    // Few people have one: the parser of YAML is not loaded for the others.
    const { readConfiguration } = await import('./configuration-file.ts');
    const { to } = readConfiguration(file, text.value);
    if (to !== undefined) return to;
  }
  return undefined;
}
