import type { ResolvedOption } from './definition.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

interface Completable {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
  readonly values: readonly string[];
  readonly isFile: boolean;
  readonly help: string;
}

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

const identifier = (command: string): string => `_${command.replaceAll(/[^a-zA-Z0-9]/g, '_')}`;

function bash(command: string, options: readonly Completable[]): string {
  const words = options.map(({ long, takesValue }) => `--${long}${takesValue ? '=' : ''}`);
  const cases = options
    .filter(({ values }) => values.length > 0)
    .map(
      ({ long, values }) =>
        `    --${long}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$value")); return ;;`,
    );
  return [
    `${identifier(command)}() {`,
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
    '  COMPREPLY=($(compgen -f -- "$value"))',
    '}',
    `complete -o filenames -F ${identifier(command)} ${command}`,
    '',
  ].join('\n');
}

function zsh(command: string, options: readonly Completable[]): string {
  const escape = (text: string): string =>
    text.replaceAll(/[[\]:']/g, (each) => (each === "'" ? "'\\''" : `\\${each}`));
  const specs = options.map(({ long, short, takesValue, values, isFile, help }) => {
    const value = values.length > 0 ? `:value:(${values.join(' ')})` : isFile ? ':file:_files' : ':value:';
    const names = short === undefined ? `--${long}` : `{-${short},--${long}}`;
    const tail = `[${escape(help)}]${takesValue ? value : ''}`;
    return short === undefined
      ? `  '${names}${takesValue ? '=' : ''}${tail}'`
      : `  ${names}${takesValue ? "'='" : ''}'${tail}'`;
  });
  return [
    `#compdef ${command}`,
    '_arguments -s \\',
    ...specs.map((spec) => `${spec} \\`),
    "  '*:file:_files'",
    '',
  ].join('\n');
}

function fish(command: string, options: readonly Completable[]): string {
  const lines = options.map(({ long, short, takesValue, values, isFile, help }) =>
    [
      `complete -c ${command} -l ${long}`,
      short === undefined ? '' : ` -s '${short}'`,
      takesValue ? (isFile ? ' -r' : ' -x') : '',
      values.length > 0 ? ` -a '${values.join(' ')}'` : '',
      ` -d '${help.replaceAll("'", "\\'")}'`,
    ].join(''),
  );
  return `${lines.join('\n')}\n`;
}

const writers = { bash, zsh, fish } as const;

/** A completion script for a shell; `command` is the word it completes. */
export function completionScript(shell: Shell, command: string, options: readonly ResolvedOption[]): string {
  return writers[shell](command, completables(options));
}
