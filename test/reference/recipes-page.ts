/** The recipes, and what a recipe of one's own can be made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecipe } from '../../src/guide/lint.ts';
import type { Recipe } from '../../src/guide/recipe.ts';
import { questionKinds, verbs } from '../../src/guide/registry.ts';
import { code, joined, NOTE, table } from './markdown.ts';

const folder = join(import.meta.dirname, '../../recipes');

const recipes = (): Recipe[] =>
  readdirSync(folder)
    .map((file) => readRecipe(file, readFileSync(join(folder, file), 'utf8')).recipe!)
    .sort((a, b) => a.order! - b.order!);

export const recipesPage = (): string =>
  joined([
    '# Recipes',
    NOTE,
    '`netdoctor setup RECIPE` asks, explains each step, runs it, and proves the result by real traffic; `--dry-run` prints a shell script that does the same; `netdoctor undo` takes the whole of it down. What was tried of each, on bare namespaces and on real Docker containers, is in [exam-recipes.md](exam-recipes.md); how the wizard looks, in [wizard.md](wizard.md).',
    table(
      ['recipe', 'builds'],
      recipes().map(({ name, title }) => [`[\`${name}\`](#${name})`, title]),
    ),
    ...recipes().flatMap(recipePart),
    ...ownPart(),
  ]);

const example = (): string =>
  readFileSync(join(import.meta.dirname, '../../docs/second-network.yaml'), 'utf8');

/** How to write one: the whole of it is said here, since whoever writes one has nothing else to go by. */
const ownPart = (): string[] => [
  '## Recipes of your own',
  'A recipe is a YAML file. This one is [second-network.yaml](second-network.yaml):',
  ['```yaml', example().trimEnd(), '```'].join('\n'),
  code(
    [
      'netdoctor setup lint second-network.yaml                                       says what is wrong with it',
      'netdoctor setup --recipe second-network.yaml --set container=web --dry-run    a script that does the same',
      'netdoctor setup --recipe second-network.yaml                                   asks, shows, does, proves',
      'netdoctor undo                                                                 takes it all back',
    ].join('\n'),
  ),
  'In `~/.config/netdoctor/recipes` (`$XDG_CONFIG_HOME/netdoctor/recipes`) or `/etc/netdoctor/recipes` it is found by its name: `netdoctor setup second-network`. A recipe that is not netdoctor’s own shows all its commands before anything is run. Every command is journalled with its way back, which the steps know: a recipe says nothing about undoing.'.replaceAll(
    '\u2019',
    "'",
  ),
  [
    ['`title`', 'what it builds, in a line'],
    ['`order`', 'its place in the list; those without one come last'],
    ['`why`', 'what it is good for, in a few sentences'],
    ['`picture`', 'a drawing of a few lines'],
    [
      '`asks`',
      'questions by name (lower case), asked in this order. Each has a `type`, the question itself (`ask`), perhaps a `why` and a `when`, and what its type takes',
    ],
    [
      '`steps`',
      'what is done, in this order. Each has a verb (`do`), a `why`, perhaps `when` and `each`, and what the verb takes. A step that is so already is passed over',
    ],
    [
      '`holds`',
      'what must hold afterwards, tried with real packets: `from` (a container, or `host`) and `to` (an address, or `ADDRESS:PORT`), perhaps `proto` (`icmp`, `tcp`, `udp`) and `is: silent` where nothing may come back; `when` and `each` as for steps',
    ],
    ['`tells`', 'what is to be known afterwards: `say`, perhaps `when`'],
  ]
    .map(([part, is]) => `- ${part}: ${is}.`)
    .join('\n'),
  'A text may speak of answers: `$bridge`, or a part of one, `$subnet.gateway`; braces where a dot or a letter follows: `net.ipv4.conf.$' +
    '{bridge}.proxy_arp`. `each: {c: containers}` does a step once for each container, which is `$c` there, with its parts: `$c.port`. `each: {c: [router, client]}` walks through several answers. `each: {x: containers, y: containers}` takes each pair once. `when: how=route` asks, does or proves it only after that answer; `when: peer` only where the answer is not empty and not `no`.',
  '### Steps',
  '`in` is the container that a step acts in; without it, it acts on the host. Names, addresses and numbers may be texts with answers in them.',
  table(
    ['do', 'does', 'takes'],
    [...verbs.values()].map(({ name, does, params }) => [`\`${name}\``, does, taken(params)]),
  ),
  '### Questions',
  'Every question has a default found on this machine where there is one, and says what is wrong with an answer. Italics: may be left out.',
  table(
    ['type', 'asks for', 'takes', 'the answer has'],
    [...questionKinds.values()].map(({ name, does, params, gives = {}, adds = {} }) => [
      `\`${name}\``,
      does,
      taken(params),
      [
        ...Object.entries(gives).map(([part, is]) => `\`.${part}\` ${is}`),
        ...Object.entries(adds).map(([part, is]) => `each container then has \`.${part}\`, ${is}`),
      ].join('; '),
    ]),
  ),
  table(
    ['a question takes', 'which is'],
    Object.entries(MEANINGS).map(([name, is]) => [`\`${name}\``, is]),
  ),
];

/** What the parameters of questions mean; the same word means the same everywhere. */
export const MEANINGS: Readonly<Record<string, string>> = {
  bridge: 'the question that names the bridge which they are going to be connected to',
  default: 'what Enter takes',
  device: 'the question that names the interface inside the containers',
  for: 'the questions that name the containers, in a list: `[containers]`',
  from: '`bottom` of the network, or `top`, counted down',
  gateway: "`false` where the first address is a host's like any other",
  in: 'the question whose network the address belongs to: a `subnet`, `bridge` or `uplink`',
  kind: 'the kind of interface, as `ip link add type` calls it',
  max: 'at most so many, or so much',
  min: 'at least so many, or so much',
  new: '`true` where the recipe may make it',
  of: 'the question that names the container or the bridge it is about',
  offset: 'the question whose number is added to the place where the addresses begin',
  optional: '`true` where no answer is an answer',
  options: 'the words to choose from, each with what it means',
  other_than: 'the question whose answer it may not be',
  outside: '`true` where it must be an address beyond this host, with the one for tests as default',
  parent: 'the question that names the interface of the host which a macvlan or ipvlan belongs to',
  to: 'the question that names the destination',
};

/** Names of parameters, those in italics that may be left out. */
const taken = (params: {
  shape: Record<string, { safeParse(value: unknown): { success: boolean } }>;
}): string =>
  Object.entries(params.shape)
    .map(([name, type]) => (type.safeParse(undefined).success ? `*${name}*` : `\`${name}\``))
    .join(' ');

const recipePart = ({ name, title, why, picture, asks }: Recipe): string[] => [
  `## ${name}`,
  `**${title}.** ${why.trim()}`,
  code(picture.trimEnd()),
  table(
    ['answer', 'question'],
    Object.entries(asks).map(([answer, { ask }]) => [`\`${answer}\``, ask]),
  ),
  code(`netdoctor setup ${name}`),
];
