/** What the client does by itself. */
export type CommandName =
  | 'charset'
  | 'clear'
  | 'connect'
  | 'delimiter'
  | 'edit'
  | 'ego'
  | 'exit'
  | 'go'
  | 'help'
  | 'nopager'
  | 'notee'
  | 'nowarning'
  | 'pager'
  | 'print'
  | 'prompt'
  | 'quit'
  | 'rehash'
  | 'resetconnection'
  | 'source'
  | 'status'
  | 'system'
  | 'tee'
  | 'use'
  | 'warnings';

/** A command as it can be typed: by name where a statement would begin, by `\` and letter anywhere. */
export interface CommandDefinition {
  readonly name: CommandName;
  /** Its case counts. */
  readonly letter: string;
  /** Takes the rest of its line. */
  readonly takesText: boolean;
  readonly help: string;
}

const define = (name: CommandName, letter: string, help: string, takesText = false): CommandDefinition => ({
  name,
  letter,
  help,
  takesText,
});

/** Names and letters are those of mysql. */
export const commands: readonly CommandDefinition[] = [
  define('charset', 'C', 'Taken for the sake of mysql; what you type is sent as it is.', true),
  define('clear', 'c', 'Forget what was typed.'),
  define('connect', 'r', 'Not here: start another client.', true),
  define('delimiter', 'd', 'What ends a statement from now on.', true),
  define('edit', 'e', 'Not here.'),
  define('ego', 'G', 'Run the statement, values below one another.'),
  define('exit', 'q', 'End.'),
  define('go', 'g', 'Run the statement.'),
  define('help', 'h', 'Show this.'),
  define('nopager', 'n', 'Results go to the terminal again.'),
  define('notee', 't', 'No file any more.'),
  define('nowarning', 'w', 'Do not show warnings.'),
  define('pager', 'P', 'Show results through a program: pager less -S', true),
  define('print', 'p', 'Show what was typed.'),
  define('prompt', 'R', 'Another prompt: prompt \\u@\\h [\\d]>\\_', true),
  define('quit', 'q', 'End.'),
  define('rehash', '#', 'Taken for the sake of mysql; nothing is completed here.'),
  define('resetconnection', 'x', 'Begin the session anew.'),
  define('source', '.', 'Run the statements of a file.', true),
  define('status', 's', 'Say who is connected, to what, and how.'),
  define('system', '!', 'Not here.', true),
  define('tee', 'T', 'Append what is shown to a file, too.', true),
  define('use', 'u', 'Another schema.', true),
  define('warnings', 'W', 'Show warnings behind each statement.'),
];

const HELP: CommandDefinition = commands.find(({ name }) => name === 'help')!;

const byLetter: ReadonlyMap<string, CommandDefinition> = new Map([
  ...commands.map((command) => [command.letter, command] as const),
  ['?', HELP] as const,
]);
const byName: ReadonlyMap<string, CommandDefinition> = new Map([
  ...commands.map((command) => [command.name as string, command] as const),
  ['?', HELP] as const,
]);

/** The command of a letter behind `\`. */
export const commandOfLetter = (letter: string): CommandDefinition | undefined => byLetter.get(letter);

/** The command that a text is by its first word, with the rest; undefined where it is none, or has words that it does not take. */
export function commandOfText(
  text: string,
): { readonly command: CommandDefinition; readonly rest: string } | undefined {
  const [, word = '', rest = ''] = /^(\S+)(?:[ \t]\s*([^]*))?$/.exec(text.trim()) ?? [];
  const command = byName.get(word.toLowerCase());
  return command === undefined || (rest !== '' && !command.takesText) ? undefined : { command, rest };
}

/** What `help` shows. */
export function commandsHelp(): string {
  const lines = commands.map(({ name, letter, help }) => `${name.padEnd(15)} (\\${letter}) ${help}\n`);
  return `Statements end in ; or \\g, or in \\G for values below one another.\n\n${lines.join('')}\n`;
}
