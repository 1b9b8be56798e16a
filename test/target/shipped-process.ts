import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from './bundle.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Launcher {
  readonly codeCachePath: (name: string) => string;
}

/** The program as it is shipped: `bin/rowlock` where it is built, else its sources as one file. */
export async function shippedProgram(): Promise<string> {
  const { codeCachePath } = createRequire(import.meta.url)('../../bin/load.js') as Launcher;
  return existsSync(codeCachePath('rowlock')) ? join(ROOT, 'bin/rowlock') : bundle('replicate-process');
}

/** A program that runs, to be killed. */
export interface Run {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly ended: Promise<void>;
  readonly isOver: boolean;
  /** Resolves with a line like this, or once the process has ended. */
  said(pattern: RegExp): Promise<string | undefined>;
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Whatever a test that failed left running. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

export function startProgram(program: string, words: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  const lines: string[] = [];
  let wake = (): void => undefined;
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      isOver = true;
      running.delete(child);
      resolve();
      wake();
    });
  });
  return {
    child,
    lines,
    ended,
    get isOver() {
      return isOver;
    },
    async said(pattern) {
      for (;;) {
        const found = lines.findLast((line) => pattern.test(line));
        if (found !== undefined || isOver) return found;
        // oxlint-disable-next-line no-await-in-loop -- line by line
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
