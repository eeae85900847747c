import type { Entry, Flag, Words } from '../vocabulary.ts';

/** Text inside a specification of _arguments, in single quotes. */
const told = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "'\\''")
    .replaceAll('[', '\\[')
    .replaceAll(']', '\\]')
    .replaceAll(':', '\\:');

const flagSpecs = ({ short, long, does, value, optional, choices }: Flag): string[] => {
  const values =
    value === null ? '' : `:${told(value)}:${choices.length > 0 ? `(${choices.join(' ')})` : ' '}`;
  const equals = value === null ? '' : optional ? '=-' : '=';
  return [
    `'${long}${equals}[${told(does)}]${values}'`,
    ...(short ? [`'${short}[${told(does)}]${values}'`] : []),
  ];
};

const wordsSpec = (words: Words | null): string[] => {
  if (words === null) return [];
  if ('of' in words) return [`'1:word:(${words.of.join(' ')})'`];
  return [
    `'1:name:{ compadd -- \${(f)"$(netdoctor ${words.from.join(' ')} 2>/dev/null | cut -d" " -f1)"} }'`,
  ];
};

const commandCase = ({ name, words, flags }: Entry): string => {
  const specs = [...wordsSpec(words), ...flags.flatMap(flagSpecs)];
  return `    ${name})\n      _arguments ${specs.join(' \\\n        ')}\n      ;;`;
};

/** For zsh(1): as a file `_netdoctor` in a folder of $fpath, or `source <(netdoctor completion zsh)`. */
export default (entries: readonly Entry[]): string => {
  const [first] = entries;
  const commands = entries.map(({ name, does }) => `    '${name}:${told(does)}'`).join('\n');
  return `#compdef netdoctor
# netdoctor completion for zsh
_netdoctor() {
  local command word
  local -a commands
  commands=(
${commands}
  )
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if (( \${commands[(I)\${word}:*]} )); then command=$word; break; fi
  done
  if [[ -z $command ]]; then
    [[ $PREFIX == -* ]] || _describe -t commands command commands
  else
    shift words; (( CURRENT-- ))
  fi
  case \${command:-${first!.name}} in
${entries.map(commandCase).join('\n')}
  esac
}
compdef _netdoctor netdoctor
`;
};
