import type { ResolvedOption } from './definition.ts';

/** A shell whose completion can be written. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** An option as it is completed. */
export interface CompletedOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
  readonly values: readonly string[];
  readonly isFile: boolean;
  readonly help: string;
}

/** What can stand behind a program or command. */
export interface CompletedCommand {
  readonly options?: readonly CompletedOption[];
  /** Words of which one stands first, and no more. */
  readonly words?: readonly string[];
  /** Commands of its own, of which one stands first. */
  readonly commands?: Readonly<Record<string, CompletedCommand>>;
}

/** The first clause of a sentence: completion has little room. */
export const firstClause = (help: string): string => help.split(/[.;:](?:\s|$)| \(/, 1)[0]!;

/** Options of a table as they are completed. */
export function completedOptions(options: readonly ResolvedOption[]): readonly CompletedOption[] {
  return options
    .filter(({ type }) => type.kind !== 'disabled')
    .map((option) => ({
      long: option.name.replaceAll('_', '-'),
      short: option.short,
      takesValue: option.argument === 'required',
      values: option.type.kind === 'choice' ? option.type.values : [],
      isFile: /FILE|FOLDER/.test(option.definition.placeholder ?? ''),
      help: firstClause(option.definition.help),
    }));
}

/** The commands of a command, all of them, and the words that lead there: the innermost first. */
function* everyCommand(
  path: readonly string[],
  command: CompletedCommand,
): Generator<readonly [path: readonly string[], command: CompletedCommand]> {
  for (const [name, inner] of Object.entries(command.commands ?? {}))
    yield* everyCommand([...path, name], inner);
  yield [path, command];
}

const identifier = (path: readonly string[]): string =>
  `_${path.map((word) => word.replaceAll(/[^a-zA-Z0-9]/g, '_')).join('_')}`;

/** What stands directly behind a command. */
const wordsOf = ({ words = [], commands = {} }: CompletedCommand): readonly string[] => [
  ...words,
  ...Object.keys(commands),
];

function bash(program: string, root: CompletedCommand): string {
  const functions = Array.from(everyCommand([program], root), ([path, command]) => {
    const { options = [], commands = {} } = command;
    const first = wordsOf(command);
    const names = options.map(({ long, takesValue }) => `--${long}${takesValue ? '=' : ''}`);
    const cases = options
      .filter(({ values }) => values.length > 0)
      .map(
        ({ long, values }) =>
          `    --${long}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$value")); return ;;`,
      );
    const inner = Object.keys(commands).map(
      (name) => `    ${name}) ${identifier([...path, name])}; return ;;`,
    );
    const at = path.length;
    return [
      `${identifier(path)}() {`,
      '  local word=${COMP_WORDS[COMP_CWORD]} name=${COMP_WORDS[COMP_CWORD-1]} value',
      ...(inner.length === 0
        ? []
        : [
            `  if (( COMP_CWORD > ${at} )); then`,
            `    case \${COMP_WORDS[${at}]} in`,
            ...inner,
            '    esac',
            '  fi',
          ]),
      '  value=$word',
      '  # bash splits words at "="',
      '  if [[ $word == "=" ]]; then value=; elif [[ $name == "=" ]]; then name=${COMP_WORDS[COMP_CWORD-2]}; fi',
      '  case $name in',
      ...cases,
      '  esac',
      '  if [[ $word == -* ]]; then',
      `    COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$word"))`,
      '    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace',
      '    return 0',
      '  fi',
      first.length === 0
        ? '  COMPREPLY=($(compgen -f -- "$value"))'
        : `  if (( COMP_CWORD == ${at} )); then COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$word")); return 0; fi`,
      '}',
    ].join('\n');
  });
  return [...functions, `complete -o filenames -F ${identifier([program])} ${program}`, ''].join('\n');
}

function zsh(program: string, root: CompletedCommand): string {
  const escape = (text: string): string =>
    text.replaceAll(/[[\]:']/g, (each) => (each === "'" ? "'\\''" : `\\${each}`));
  const spec = ({ long, short, takesValue, values, isFile, help }: CompletedOption): string => {
    const value = values.length > 0 ? `:value:(${values.join(' ')})` : isFile ? ':file:_files' : ':value:';
    const tail = `[${escape(help)}]${takesValue ? value : ''}`;
    return short === undefined
      ? `  '--${long}${takesValue ? '=' : ''}${tail}' \\`
      : `  {-${short},--${long}}${takesValue ? "'='" : ''}'${tail}' \\`;
  };
  const functions = Array.from(everyCommand([program], root), ([path, command]) => {
    const { options = [], words = [], commands } = command;
    const lines =
      commands === undefined
        ? [
            '_arguments -s \\',
            ...options.map(spec),
            words.length === 0 ? "  '*:file:_files'" : `  '1:word:(${words.join(' ')})'`,
          ]
        : [
            `  if (( CURRENT == 2 )); then compadd -- ${Object.keys(commands).join(' ')}; return; fi`,
            '  local command=$words[2]',
            '  shift words; (( CURRENT-- ))',
            '  case $command in',
            ...Object.keys(commands).map((name) => `    ${name}) ${identifier([...path, name])} ;;`),
            '  esac',
          ];
    return [`${identifier(path)}() {`, ...lines, '}'].join('\n');
  });
  return [`#compdef ${program}`, ...functions, `compdef ${identifier([program])} ${program}`, ''].join('\n');
}

function fish(program: string, root: CompletedCommand): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = Array.from(everyCommand([program], root), ([path, command]) => {
    const { options = [] } = command;
    const first = wordsOf(command);
    const inside = path.slice(1).map((name) => `__fish_seen_subcommand_from ${name}`);
    const before = [...inside, `not __fish_seen_subcommand_from ${first.join(' ')}`].join('; and ');
    const words = `complete -c ${program} -n '${before}' -f -a '${first.join(' ')}'`;
    return [
      ...(first.length === 0 ? [] : [words]),
      ...options.map(({ long, short, takesValue, values, isFile, help }) =>
        [
          `complete -c ${program} -n '${inside.join('; and ')}' -l ${long}`,
          short === undefined ? '' : ` -s ${quote(short)}`,
          takesValue ? (isFile ? ' -r' : ' -x') : '',
          values.length > 0 ? ` -a '${values.join(' ')}'` : '',
          ` -d ${quote(help)}`,
        ].join(''),
      ),
    ];
  });
  return `${lines.flat().join('\n')}\n`;
}

const writers = { bash, zsh, fish } as const;

/** Shells that a script can be written for. */
export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** A completion script for a shell: what a program takes. A command of which nothing is said takes files. */
export function completionScript(shell: Shell, program: string, root: CompletedCommand): string {
  return writers[shell](program, root);
}
