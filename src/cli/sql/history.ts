import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LINES = 500;
/** Lines that may hold a secret are not kept, as with mysql's own history. */
const SECRET = /identified|password/i;

/** What was typed before, newest first, as readline wants it. A home without one has none. */
export function readHistory(home: string): string[] {
  try {
    return readFileSync(fileIn(home), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .reverse();
  } catch {
    return [];
  }
}

/** Keeps the last lines, for the owner alone. What cannot be kept is forgotten. */
export function writeHistory(home: string, newestFirst: readonly string[]): void {
  const lines = newestFirst.filter((line) => !SECRET.test(line)).slice(0, LINES);
  try {
    writeFileSync(fileIn(home), `${lines.reverse().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A history is a comfort.
  }
}

const fileIn = (home: string): string => join(home, '.rowlock_history');
