import { appendFileSync, closeSync, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { RowlockError } from '../../errors/index.ts';
import type { LoadFiles } from '../../text/index.ts';
import { pathIn } from './path-in.ts';

/** The originals give up after this many names that are taken. */
const MAX_ATTEMPTS = 1000;

/** Without the detours in its middle, as the originals' cleanup_dirname leaves a path: `a//b`, `a/./b`, `a/x/../b`. */
function withoutDetours(path: string): string {
  const back = /(?<=^|\/)(?!\.{1,2}\/)[^/]+\/\.\.\//;
  let clean = path.replace(/\/(\.?\/)+/g, '/');
  while (back.test(clean)) clean = clean.replace(back, '');
  return clean;
}

/** Where these files go without --local-load: the first of them. The originals ask no other variable for a temporary folder. */
export function temporaryFolders(env: Readonly<Record<string, string | undefined>>): [string, ...string[]] {
  const [first = '', ...others] = (env['TMPDIR'] || '/tmp').split(':').map(withoutDetours);
  return [first, ...others];
}

/** The first folder that is not there, with the operating system's error; undefined where all are. */
export function missingFolder(
  folders: readonly string[],
  cwd: string,
): { readonly folder: string; readonly error: unknown } | undefined {
  for (const folder of folders) {
    try {
      statSync(pathIn(cwd, folder));
    } catch (error) {
      return { folder, error };
    }
  }
  return undefined;
}

/** Before the umask, as both tools make them: what was loaded is no business of others. */
const MODE = 0o640;

/**
 * Rebuilds the files of LOAD DATA as `SQL_LOAD_MB-<file id>-<attempt>`, both hexadecimal, in a folder. They stay behind: the
 * printed statements need them.
 */
export class LocalLoadFiles implements LoadFiles {
  readonly #folder: string;
  readonly #cwd: string;
  readonly #paths = new Map<number, string>();

  constructor(folder: string, cwd: string) {
    this.#folder = folder;
    this.#cwd = cwd;
  }

  create(fileId: number, name: string): string {
    const separator = this.#folder === '' || this.#folder.endsWith('/') ? '' : '/';
    const prefix = `${this.#folder}${separator}SQL_LOAD_MB${name}`;
    for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const path = `${prefix}-${fileId.toString(16)}-${attempt.toString(16)}`;
      try {
        closeSync(openSync(resolve(this.#cwd, path), 'wx', MODE));
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
