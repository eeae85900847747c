/** What is said where netdoctor itself may open no further file. open(2): EMFILE, ENFILE. */

export interface OutOfFiles {
  readonly message: string;
  readonly hint: string;
}

const WORDS: Readonly<Record<string, OutOfFiles>> = {
  EMFILE: {
    message:
      'netdoctor itself may open no further file (EMFILE): its limit is too low for the sockets it needs.',
    hint: 'Allow it more, and call it again: ulimit -n 1024',
  },
  ENFILE: {
    message: 'This host has as many files open as it may (ENFILE), so that netdoctor can open none.',
    hint: 'Find the program that keeps them open, or raise fs.file-max: sysctl fs.file-nr fs.file-max',
  },
};

/** By the name of an error, or a sentence that has it. Undefined where it is about something else. */
export function outOfFiles(said: string): OutOfFiles | undefined {
  const [errno] = /\b(EMFILE|ENFILE)\b/.exec(said) ?? [];
  return errno === undefined ? undefined : WORDS[errno];
}
