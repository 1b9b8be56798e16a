import type { ResolvedOption } from './definition.ts';

/** A shell whose completion can be written. */
export type Shell = 'bash' | 'zsh' | 'fish';

interface Completable {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
  readonly values: readonly string[];
  readonly isFile: boolean;
  readonly help: string;
}

/** What can stand behind a command. */
export interface CompletedCommand {
  readonly options?: readonly ResolvedOption[];
  /** Words of which one stands first, such as commands of its own. */
  readonly words?: readonly string[];
}

type Commands = readonly (readonly [
  name: string,
  options: readonly Completable[],
  words: readonly string[],
])[];

function completables(options: readonly ResolvedOption[]): readonly Completable[] {
  return options
    .filter(({ type }) => type.kind !== 'disabled')
    .map((option) => ({
      long: option.name.replaceAll('_', '-'),
      short: option.short,
      takesValue: option.argument === 'required',
      values: option.type.kind === 'choice' ? option.type.values.map((value) => value.toLowerCase()) : [],
      isFile: /FILE|FOLDER/.test(option.definition.placeholder ?? ''),
      help: (/^[^.;:]*/.exec(option.definition.help) ?? [''])[0],
    }));
}

const identifier = (program: string, command: string): string =>
  `_${program}_${command.replaceAll(/[^a-zA-Z0-9]/g, '_')}`;

function bash(program: string, commands: Commands): string {
  const functions = commands.map(([command, options, first]) => {
    const words = options.map(({ long, takesValue }) => `--${long}${takesValue ? '=' : ''}`);
    const cases = options
      .filter(({ values }) => values.length > 0)
      .map(
        ({ long, values }) =>
          `    --${long}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$value")); return ;;`,
      );
    return [
      `${identifier(program, command)}() {`,
      '  local word=${COMP_WORDS[COMP_CWORD]} name=${COMP_WORDS[COMP_CWORD-1]} value',
      '  value=$word',
      '  # bash splits words at "="',
      '  if [[ $word == "=" ]]; then value=; elif [[ $name == "=" ]]; then name=${COMP_WORDS[COMP_CWORD-2]}; fi',
      '  case $name in',
      ...cases,
      '  esac',
      '  if [[ $word == -* ]]; then',
      `    COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`,
      '    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace',
      '    return 0',
      '  fi',
      ...(first.length === 0
        ? []
        : [
            `  if (( COMP_CWORD == 2 )); then COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$word")); return 0; fi`,
          ]),
      '  COMPREPLY=($(compgen -f -- "$value"))',
      '}',
    ].join('\n');
  });
  const names = commands.map(([command]) => command);
  return [
    ...functions,
    `_${program}() {`,
    `  if (( COMP_CWORD == 1 )); then COMPREPLY=($(compgen -W '${names.join(' ')}' -- "\${COMP_WORDS[1]}")); return; fi`,
    '  case ${COMP_WORDS[1]} in',
    ...names.map((command) => `    ${command}) ${identifier(program, command)} ;;`),
    '  esac',
    '}',
    `complete -o filenames -F _${program} ${program}`,
    '',
  ].join('\n');
}

function zsh(program: string, commands: Commands): string {
  const escape = (text: string): string =>
    text.replaceAll(/[[\]:']/g, (each) => (each === "'" ? "'\\''" : `\\${each}`));
  const functions = commands.map(([command, options, first]) => {
    const specs = options.map(({ long, short, takesValue, values, isFile, help }) => {
      const value = values.length > 0 ? `:value:(${values.join(' ')})` : isFile ? ':file:_files' : ':value:';
      const names = short === undefined ? `--${long}` : `{-${short},--${long}}`;
      const tail = `[${escape(help)}]${takesValue ? value : ''}`;
      return short === undefined
        ? `  '${names}${takesValue ? '=' : ''}${tail}'`
        : `  ${names}${takesValue ? "'='" : ''}'${tail}'`;
    });
    return [
      `${identifier(program, command)}() {`,
      '_arguments -s \\',
      ...specs.map((spec) => `${spec} \\`),
      ...(first.length === 0 ? [] : [`  '1:command:(${first.join(' ')})' \\`]),
      "  '*:file:_files'",
      '}',
    ].join('\n');
  });
  const names = commands.map(([command]) => command);
  return [
    `#compdef ${program}`,
    ...functions,
    `_${program}() {`,
    `  if (( CURRENT == 2 )); then compadd -- ${names.join(' ')}; return; fi`,
    '  local command=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $command in',
    ...names.map((command) => `    ${command}) ${identifier(program, command)} ;;`),
    '  esac',
    '}',
    `compdef _${program} ${program}`,
    '',
  ].join('\n');
}

function fish(program: string, commands: Commands): string {
  const names = commands.map(([command]) => command);
  const first = `complete -c ${program} -n __fish_use_subcommand -f -a '${names.join(' ')}'`;
  const words = commands.flatMap(([command, , list]) =>
    list.length === 0
      ? []
      : [`complete -c ${program} -n '__fish_seen_subcommand_from ${command}' -a '${list.join(' ')}'`],
  );
  const lines = commands.flatMap(([command, options]) =>
    options.map(({ long, short, takesValue, values, isFile, help }) =>
      [
        `complete -c ${program} -n '__fish_seen_subcommand_from ${command}' -l ${long}`,
        short === undefined ? '' : ` -s '${short}'`,
        takesValue ? (isFile ? ' -r' : ' -x') : '',
        values.length > 0 ? ` -a '${values.join(' ')}'` : '',
        ` -d '${help.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
      ].join(''),
    ),
  );
  return `${[first, ...words, ...lines].join('\n')}\n`;
}

const writers = { bash, zsh, fish } as const;

/** Shells that a script can be written for. */
export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** A completion script for a shell: the commands of a program, and what each takes; nothing: files alone. */
export function completionScript(
  shell: Shell,
  program: string,
  commands: Readonly<Record<string, CompletedCommand>>,
): string {
  return writers[shell](
    program,
    Object.entries(commands).map(
      ([command, { options = [], words = [] }]) => [command, completables(options), words] as const,
    ),
  );
}
