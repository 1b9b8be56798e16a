import { basename } from 'node:path';
import { version } from './version.ts';

/** The name of an option, without what it is set to: statements and passwords are no part of a report. */
function optionName(word: string): string {
  if (!word.startsWith('-') || word.length === 1) return '…';
  return /^--[a-z][a-z0-9_-]*(?==|$)/i.exec(word)?.[0] ?? word.slice(0, 2);
}

/**
 * The lines for an error that no command foresaw: a fault of ours, whoever's input brought it to light.
 *
 * @param words the command line, beginning with Node's program
 */
export function internalError(error: unknown, words: readonly string[]): string {
  const [, program = 'rowlock', command = '', ...rest] = words;
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  // The bundles are minified: a place says which code it was, the rest of the stack says little more, and in many lines.
  const place = /[\w.-]+:\d+:\d+(?=\)?$)/m.exec((error instanceof Error && error.stack) || '')?.[0];
  const shown = [
    basename(program),
    /^[a-z]+$/.test(command) ? command : optionName(command),
    ...rest.map(optionName),
  ];
  const facts = [
    `rowlock ${version}`,
    `Node ${process.version}, ${process.platform} ${process.arch}`,
    ...(place === undefined ? [] : [`at ${place}`]),
    `started as: ${shown.join(' ')}`,
  ];
  return [
    `rowlock: internal error: ${message}`,
    `hint: this is a fault of rowlock. Please report it with the line above, what was done before, and: ${facts.join('; ')}`,
    '',
  ].join('\n');
}
