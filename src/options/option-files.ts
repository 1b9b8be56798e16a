import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { isSystemError, type SystemReason, systemError } from '../errors/index.ts';
import type { Dialect } from './definition.ts';
import { decodeLoginFile } from './login-file.ts';
import { OptionError, OptionExit, type WarningSink } from './option-error.ts';
import { readOptionFileLine } from './option-file-line.ts';
import { type FileLine, optionFileLines } from './option-file-text.ts';

/** Deepest nesting of `!include` and `!includedir` (`max_recursion_level` of the server's my_default). */
const MAX_INCLUDE_DEPTH = 10;

export interface OptionFileSettings {
  readonly dialect: Dialect;
  readonly program: string;
  /** `[group]`s whose options count, suffixed ones included. Their order does not matter: the file's does. */
  readonly groups: readonly string[];
  readonly warn: WarningSink;
  readonly home: string | undefined;
  readonly workingDirectory: string;
}

interface FileMessages {
  worldWritable(file: string): string;
  loginPermissions(file: string): string;
  tooDeep(directive: string, file: string, line: number): string;
  wrongDirective(name: string, file: string, line: number): string;
  unreadableFolder(folder: string, reason: SystemReason): string;
  /** A missing file that is included, and what follows what went wrong with an include. MariaDB says nothing. */
  missingInclude(path: string): readonly string[];
  stopped(name: string, file: string, line: number): readonly string[];
  wrongGroup(file: string, line: number): string;
  noGroup(file: string, line: number): string;
  cannotOpen(file: string): string;
  readonly fatal: string;
}

function fileMessages(dialect: Dialect, program: string): FileMessages {
  const error = `${program}: [ERROR] `;
  const warning = `${program}: [Warning] `;
  const tables: Record<Dialect, FileMessages> = {
    mysql: {
      worldWritable: (file) => `${warning}World-writable config file '${file}' is ignored.`,
      loginPermissions: (file) => `${warning}${file} should be readable/writable only by current user.`,
      tooDeep: (directive, file, line) =>
        `${warning}Skipping '${directive}' directive as maximum include recursion level was reached in file ` +
        `${file} at line ${line}.`,
      wrongDirective: (name, file, line) =>
        `${error}Wrong '!${name}' directive in config file ${file} at line ${line}.`,
      unreadableFolder: (folder, reason) =>
        `${program}: Can't read dir of '${folder}' (OS errno ${reason.errno} - ${reason.text})`,
      missingInclude: (path) => [
        `${program}: Can't get stat of '${path}' (OS errno 2 - No such file or directory)`,
      ],
      stopped: (name, file, line) => [
        `${error}Stopped processing the '${name}' directive in file ${file} at line ${line}.`,
      ],
      wrongGroup: (file, line) => `${error}Wrong group definition in config file ${file} at line ${line}.`,
      noGroup: (file, line) =>
        `${error}Found option without preceding group in config file ${file} at line ${line}.`,
      cannotOpen: (file) => `${error}Failed to open required defaults file: ${file}`,
      fatal: `${error}Fatal error in defaults handling. Program aborted!`,
    },
    mariadb: {
      worldWritable: (file) => `Warning: World-writable config file '${file}' is ignored`,
      loginPermissions: (file) => file,
      tooDeep: (directive, file, line) =>
        `Warning: skipping '${directive}' directive as maximum includerecursion level was reached in file ` +
        `${file} at line ${line}`,
      wrongDirective: (name, file, line) =>
        `error: Wrong '!${name}' directive in config file: ${file} at line ${line}`,
      unreadableFolder: (folder, reason) =>
        // The bell is the original's.
        `\x07${program}: Can't read dir of '${folder}' (Errcode: ${reason.errno} "${reason.text}")`,
      missingInclude: () => [],
      stopped: () => [],
      wrongGroup: (file, line) => `error: Wrong group definition in config file: ${file} at line ${line}`,
      noGroup: (file, line) =>
        `error: Found option without preceding group in config file: ${file} at line: ${line}`,
      cannotOpen: (file) => `Could not open required defaults file: ${file}`,
      fatal: 'Fatal error in defaults handling. Program aborted',
    },
  };
  return tables[dialect];
}

/** A line of an option file. */
interface Place {
  readonly file: string;
  readonly number: number;
}

/** Reads option files one after the other and gathers the options of the wanted groups, in file order. */
export class OptionFileReader {
  readonly #settings: OptionFileSettings;
  readonly #messages: FileMessages;
  readonly #arguments: string[] = [];

  constructor(settings: OptionFileSettings) {
    this.#settings = settings;
    this.#messages = fileMessages(settings.dialect, settings.program);
  }

  /** Options found so far, as words of a command line. */
  get found(): readonly string[] {
    return this.#arguments;
  }

  /** Reads one file. One that is missing is an error only if it is `required`. */
  read(file: string, required: boolean): void {
    if (!this.#readFile(file, 0) && required) this.#abort(this.#messages.cannotOpen(file));
  }

  /** Reads `.mylogin.cnf`, for `groups` instead of the usual ones. Others must not be able to read it. */
  readLogin(file: string, groups: readonly string[]): void {
    const stats = statOf(file);
    if (stats === undefined) return;
    // S_IXUSR | S_IRWXG | S_IRWXO
    if (hasPermissionBits && stats.isFile() && (stats.mode & 0o177) !== 0) {
      this.#settings.warn(this.#messages.loginPermissions(file));
      return;
    }
    const bytes = contentOf(file);
    if (bytes !== undefined) this.#readLines(loginLines(bytes), file, 0, groups, false);
  }

  #readFile(file: string, depth: number): boolean {
    const path = this.#expand(file);
    const stats = statOf(path);
    if (stats === undefined) return false;
    // A server's own account could have written it.
    if (hasPermissionBits && stats.isFile() && (stats.mode & 0o002) !== 0) {
      this.#settings.warn(this.#messages.worldWritable(file));
      return true;
    }
    const bytes = contentOf(path);
    if (bytes === undefined) return false;
    const { dialect, groups } = this.#settings;
    // Messages name a file as it was named, relative ones too.
    this.#readLines(optionFileLines(bytes, dialect), file, depth, groups, true);
    return true;
  }

  #readLines(
    lines: readonly FileLine[],
    file: string,
    depth: number,
    groups: readonly string[],
    comments: boolean,
  ): void {
    const wanted = new Set(groups.map((each) => each.toLowerCase()));
    let group: string | undefined;
    for (const { text, number, isEnded } of lines) {
      const line = readOptionFileLine(text, { dialect: this.#settings.dialect, comments, isEnded });
      switch (line.kind) {
        case 'empty':
          break;
        case 'group':
          group = line.name;
          break;
        case 'badGroup':
          return this.#abort(this.#messages.wrongGroup(file, number));
        case 'directive':
          this.#include(line, { file, number }, depth);
          break;
        case 'option':
          if (group === undefined) return this.#abort(this.#messages.noGroup(file, number));
          if (wanted.has(group.toLowerCase())) this.#arguments.push(line.argument);
      }
    }
  }

  #include(line: { name: string; target: string; text: string }, place: Place, depth: number): void {
    const { name, target } = line;
    if (depth >= MAX_INCLUDE_DEPTH) {
      this.#settings.warn(this.#messages.tooDeep(line.text, place.file, place.number));
      return;
    }
    if (name === '') return;
    if (target === '') return this.#abort(this.#messages.wrongDirective(name, place.file, place.number));
    if (name === 'include') {
      this.#nested(target, line, place, depth);
      return;
    }
    const folder = this.#expand(target);
    let entries: string[];
    try {
      entries = readdirSync(folder).sort();
    } catch (cause) {
      const reason = this.#messages.unreadableFolder(target, systemError(cause));
      return this.#abort(reason, ...this.#messages.stopped(name, place.file, place.number));
    }
    for (const entry of entries)
      if (entry.endsWith('.cnf')) this.#nested(join(target, entry), line, place, depth);
  }

  /** What is wrong in an included file ends that file, not the program. */
  #nested(path: string, line: { name: string }, place: Place, depth: number): void {
    const { warn } = this.#settings;
    const problems: string[] = [];
    try {
      if (!this.#readFile(path, depth + 1)) problems.push(...this.#messages.missingInclude(path));
      if (problems.length === 0) return;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      problems.push(...error.lines.filter((each) => each !== this.#messages.fatal));
    }
    for (const each of [...problems, ...this.#messages.stopped(line.name, place.file, place.number)])
      warn(each);
  }

  #expand(file: string): string {
    const { home, workingDirectory } = this.#settings;
    if (home !== undefined && (file === '~' || file.startsWith('~/'))) return join(home, file.slice(1));
    return isAbsolute(file) ? file : resolve(workingDirectory, file);
  }

  #abort(...lines: readonly string[]): never {
    throw new OptionError([...lines, this.#messages.fatal], OptionExit.FAILURE);
  }
}

// Windows has no permission bits to look at.
const hasPermissionBits = isAbsolute('/') && !isAbsolute('C:/');

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function loginLines(bytes: Buffer): FileLine[] {
  const texts = decodeLoginFile(bytes);
  return texts.map((text, index) => ({ text, number: index + 1, isEnded: index + 1 < texts.length }));
}

/** The bytes of a file; a folder opens like a file without content. Undefined: it cannot be opened. */
function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    return isSystemError(cause) && cause.code === 'EISDIR' ? Buffer.alloc(0) : undefined;
  }
}
