import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { runInProcess, type ToolName } from '../golden/invocation.ts';
import { compare } from './compare.ts';

/** Compare both tools on a command line given by hand: words that are files are copied into the run's folder. */
export function compareHere(
  tool: ToolName,
  words: readonly string[],
  folder: string,
  stdin?: Buffer,
): Promise<string[]> {
  const files: Record<string, Buffer> = {};
  const argv = words.map((word) => {
    if (word.startsWith('-')) return word;
    files[basename(word)] = readFileSync(resolve(folder, word));
    return basename(word);
  });
  const { TZ: timeZone = 'UTC' } = process.env;
  return compare({ tool, argv, files, timeZone, ...(stdin !== undefined && { stdin }) }, runInProcess);
}
