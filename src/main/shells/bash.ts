import type { Entry, Flag } from '../vocabulary.ts';

const words = (flags: readonly Flag[]): string =>
  flags.flatMap(({ short, long }) => [...(short ? [short] : []), long]).join(' ');

const choiceCases = (entries: readonly Entry[]): string[] => {
  const flags = new Map(entries.flatMap((entry) => entry.flags).map((flag) => [flag.long, flag]));
  return [...flags.values()]
    .filter(({ value, optional }) => value !== null && !optional)
    .map(({ long, choices }) => `    ${long}) _netdoctor_offer "$word" ${choices.join(' ')}; return ;;`);
};

const commandCase = ({ name, words: source, flags }: Entry): string[] => [
  `    ${name})`,
  `      flags=(${words(flags)})`,
  ...(source === null
    ? []
    : 'of' in source
      ? [`      names=(${source.of.join(' ')})`]
      : [`      mapfile -t names < <(netdoctor ${source.from.join(' ')} 2>/dev/null | cut -d' ' -f1)`]),
  '      ;;',
];

/**
 * For bash(1): `source <(netdoctor completion bash)`. Names with a colon are completed as bash splits them.
 * Names are written by strangers, and bash must not expand them: `compgen -W` would, as it would an unquoted word, so
 * they are compared one by one, and quoted for the line they are put into.
 */
export default (entries: readonly Entry[]): string => `# netdoctor completion for bash
_netdoctor_offer() {
  local word="$1" one quoted
  shift
  for one; do
    if [[ "$one" == "$word"* ]]; then printf -v quoted %q "$one"; COMPREPLY+=("$quoted"); fi
  done
}
_netdoctor() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command="" at
  local -a flags=() names=()
  COMPREPLY=()
  if declare -F _get_comp_words_by_ref >/dev/null; then _get_comp_words_by_ref -n : -c word -p before; fi
  case "$before" in
${choiceCases(entries).join('\n')}
  esac
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      ${entries.map(({ name }) => name).join('|')}) command="\${COMP_WORDS[at]}"; break ;;
    esac
  done
  case "\${command:-${entries[0]!.name}}" in
${entries.flatMap(commandCase).join('\n')}
  esac
  if [[ "$word" == -* ]]; then names=("\${flags[@]}")
  elif [[ -z "$command" ]]; then names+=(${entries.map(({ name }) => name).join(' ')})
  fi
  _netdoctor_offer "$word" "\${names[@]}"
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$word"; fi
}
complete -F _netdoctor netdoctor
`;
