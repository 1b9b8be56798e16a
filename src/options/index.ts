export {
  type CompletedCommand,
  type CompletedOption,
  completedOptions,
  completionScript,
  firstClause,
  type Shell,
  shells,
} from './completion.ts';
export {
  type DefaultsSurroundings,
  defaultFiles,
  type LoadedDefaults,
  loadDefaults,
  printedDefaults,
} from './defaults.ts';
export {
  type Dialect,
  type OptionDefinition,
  type OptionOwner,
  type OptionType,
  type OptionValue,
  type ResolvedOption,
  resolveOptions,
} from './definition.ts';
export type { GivenOption, ParseSettings } from './given-options.ts';
export { type HelpFrame, helpText } from './help.ts';
export { encodeLoginFile } from './login-file.ts';
export { markdownTable } from './markdown.ts';
export { FatalOptionError, OptionError, OptionExit, type WarningSink } from './option-error.ts';
export { type Argument, type ParsedArguments, parseArguments } from './parse-arguments.ts';
