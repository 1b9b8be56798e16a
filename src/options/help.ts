import type { OptionDefinition, OptionOwner, OptionType, ResolvedOption } from './definition.ts';

const WIDTH = 80;
const INDENT = 6;

/** What stands for an option's value: `FILE`, `N`, or the words to choose from. */
export function placeholder(definition: OptionDefinition, type: OptionType): string {
  if (definition.placeholder !== undefined && definition.placeholder !== '') return definition.placeholder;
  if (type.kind === 'choice') return type.values.join('|').toLowerCase();
  if (type.kind === 'signed' || type.kind === 'unsigned') return 'N';
  if (type.kind === 'bool') return ['on', 'off', ...(type.words ?? [])].join('|');
  return 'NAME';
}

/** `-j, --start-position=N` */
export function usageOf(option: ResolvedOption): string {
  const { short, argument, definition, type } = option;
  const name = `--${option.name.replaceAll('_', '-')}`;
  const shown = placeholder(definition, type);
  const takes = argument !== 'none' || (type.kind === 'bool' && (type.words?.length ?? 0) > 0);
  const value = !takes ? '' : argument === 'required' ? `=${shown}` : `[=${shown}]`;
  return `${short === undefined ? '    ' : `-${short}, `}${name}${value}`;
}

/** The value an option has when it is not given, for people; undefined where that is nothing, or off. */
export function defaultText(type: OptionType): string | undefined {
  switch (type.kind) {
    case 'bool':
      return type.default ? 'on' : undefined;
    case 'signed':
    case 'unsigned':
      return type.default === 0n || type.default < 0n || type.default > 2n ** 63n
        ? undefined
        : type.default.toString();
    case 'string':
    case 'choice':
      return type.default;
    case 'flag':
    case 'password':
    case 'disabled':
      return undefined;
  }
}

function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each) => ' '.repeat(indent) + each).join('\n');
}

/** After options that not every program has. */
const ownerMarks: Readonly<Partial<Record<OptionOwner, string>>> = {
  mysql: '[MySQL]',
  mariadb: '[MariaDB]',
  rowlock: '[Rowlock]',
};

function describe(option: ResolvedOption): string {
  const { definition, type } = option;
  const remarks: string[] = [definition.help];
  const fallback = defaultText(type);
  if (type.kind === 'bool' && type.default)
    remarks.push(`On by default; --skip-${option.name} turns it off.`);
  else if (fallback !== undefined && fallback !== '') remarks.push(`Default: ${fallback}.`);
  if (definition.deprecated !== undefined) remarks.push(`Deprecated: ${definition.deprecated}.`);
  const only = ownerMarks[definition.owner];
  if (only !== undefined) remarks.push(only);
  return `  ${usageOf(option)}\n${wrap(remarks.join(' '), INDENT + 2)}\n`;
}

/** What stands around the options in --help. */
export interface HelpFrame {
  /** Lines above the options: what the program is, how it is called. */
  readonly introduction: string;
  /** Lines below: option files and groups. */
  readonly closing: string;
}

/** All of --help: options by section, in table order. */
export function helpText(options: readonly ResolvedOption[], frame: HelpFrame): string {
  const shown = options.filter((option) => option.type.kind !== 'disabled');
  const sections = [...new Set(shown.map((option) => option.definition.section))];
  const parts = sections.map(
    (section) =>
      `${section}:\n${shown
        .filter((option) => option.definition.section === section)
        .map(describe)
        .join('')}`,
  );
  return `${frame.introduction}\n\n${parts.join('\n')}\n${frame.closing}\n`;
}
