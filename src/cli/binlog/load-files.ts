import { appendFileSync, closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { RowlockError } from '../../errors/index.ts';
import type { LoadFiles } from '../../text/index.ts';

/** The originals give up after this many names that are taken. */
const MAX_ATTEMPTS = 1000;

/**
 * Rebuilds the files of LOAD DATA as `SQL_LOAD_MB-<file id>-<attempt>`, both hexadecimal, in a folder. They stay behind: the
 * printed statements need them.
 */
export class LocalLoadFiles implements LoadFiles {
  readonly #folder: string;
  readonly #cwd: string;
  readonly #paths = new Map<number, string>();

  constructor(folder: string | undefined, cwd: string) {
    this.#folder = folder ?? tmpdir();
    this.#cwd = cwd;
  }

  create(fileId: number, name: string): string {
    const separator = this.#folder.endsWith('/') ? '' : '/';
    const prefix = `${this.#folder}${separator}SQL_LOAD_MB${name}`;
    for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const path = `${prefix}-${fileId.toString(16)}-${attempt.toString(16)}`;
      try {
        closeSync(openSync(resolve(this.#cwd, path), 'wx', 0o644));
        this.#paths.set(fileId, path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') break;
      }
    }
    throw new RowlockError('LOAD_FILE', `Could not construct local filename ${prefix}.`, {
      hint: 'Give a folder that exists and can be written to with --local-load.',
    });
  }

  append(fileId: number, data: Buffer): void {
    const path = this.#paths.get(fileId);
    if (path !== undefined) appendFileSync(resolve(this.#cwd, path), data);
  }
}
