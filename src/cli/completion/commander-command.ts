import type { Command, Option } from 'commander';
import { type CompletedCommand, type CompletedOption, firstClause } from '../../options/index.ts';

const completed = ({ long, short, required, flags, description, argChoices }: Option): CompletedOption => ({
  long: long!.slice(2),
  short: short?.slice(1),
  takesValue: required,
  values: argChoices ?? [],
  isFile: /<(file|dir|folder)\b/.test(flags),
  help: firstClause(description),
});

/** A command of commander's as it is completed, with those below it. */
export function commanderCommand(command: Command): CompletedCommand {
  const options = command.options.map(completed);
  if (command.commands.length === 0) return { options };
  return {
    options,
    commands: Object.fromEntries(command.commands.map((inner) => [inner.name(), commanderCommand(inner)])),
  };
}
