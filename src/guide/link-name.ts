import { wrongAnswer } from './wrong.ts';

/** IFNAMSIZ of linux/if.h, less the closing zero byte. */
const LONGEST = 15;

/** Checks an interface name as dev_valid_name of the kernel does. @throws Failure */
export function checkLinkName(name: string): void {
  if (name.length > LONGEST)
    throw wrongAnswer(
      `"${name}" has ${name.length} characters; the name of an interface has at most ${LONGEST}.`,
      `A shorter one: ${name.slice(0, LONGEST)}`,
    );
  if (!/^[\w.:-]+$/.test(name) || /[/:]|^\.{1,2}$/.test(name))
    throw wrongAnswer(
      `"${name}" cannot be the name of an interface.`,
      'Letters, digits, dots, hyphens and underscores make a name.',
    );
}
