import type { Entry, Flag, Words } from '../vocabulary.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const flagLine = (condition: string, { short, long, does, value, choices }: Flag): string =>
  [
    'complete -c netdoctor',
    `-n ${quoted(condition)}`,
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    ...(value === null ? [] : ['-x']),
    ...(choices.length > 0 ? [`-a ${quoted(choices.join(' '))}`] : []),
    `-d ${quoted(does)}`,
  ].join(' ');

const wordsLine = (condition: string, words: Words): string => {
  const source =
    'of' in words
      ? words.of.join(' ')
      : `(netdoctor ${words.from.join(' ')} 2>/dev/null | string split -f1 ' ')`;
  return `complete -c netdoctor -n ${quoted(condition)} -a ${quoted(source)}`;
};

/** For fish(1): `netdoctor completion fish | source`. */
export default (entries: readonly Entry[]): string => {
  const names = entries.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  const lines = entries.flatMap(({ name, does, words, flags }, at) => {
    const seen = `__fish_seen_subcommand_from ${name}`;
    // The first is the default command: its words and flags hold where no command is named.
    const conditions = at === 0 ? [none, seen] : [seen];
    return [
      `complete -c netdoctor -n ${quoted(none)} -a ${name} -d ${quoted(does)}`,
      ...conditions.flatMap((condition) => [
        ...(words ? [wordsLine(condition, words)] : []),
        ...flags.map((flag) => flagLine(condition, flag)),
      ]),
    ];
  });
  return `# netdoctor completion for fish\ncomplete -c netdoctor -f\n${lines.join('\n')}\n`;
};
