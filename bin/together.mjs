// Which scripts of a bundle lie in one file. esbuild makes a small one of whatever some parts of the program have in common; each
// that is read by itself, with what V8 made of it, takes longer than to have it more than once.
import { loading } from './already-loaded.mjs';

/** Bytes. */
const SMALL = 16 * 1024;

/**
 * File → the scripts that lie in it, its own the last: with every part of the program the small ones that come with it, and that
 * not all who load it have loaded by then.
 * @param outputs esbuild's account of what it wrote @param process the script that the process begins with
 */
export function together(outputs, process) {
  const { closure, before } = loading(outputs, [process]);
  const isSmall = (file) => !before.has(file) && outputs[file].bytes <= SMALL;
  const files = Object.keys(outputs).filter((file) => !isSmall(file));
  return new Map(
    files.map((file) => {
      const brought = before.has(file) ? [...closure(file)].filter(isSmall) : [];
      return [file, [...brought.filter((one) => !before.get(file).has(one)), file]];
    }),
  );
}
