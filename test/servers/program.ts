import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { serverRoot } from './cache.ts';
import type { ServerName, ToolName } from './catalogue.ts';

/** A command line as `spawn` wants it. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a program printed and how it ended. */
export interface ProgramResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LOADERS = [
  'usr/lib64/ld-linux-x86-64.so.2',
  'lib64/ld-linux-x86-64.so.2',
  'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
];
const PROGRAM_FOLDERS = ['usr/sbin', 'usr/bin'];
const LIBRARY_FOLDERS = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/mysql/private'];

function firstExisting(root: string, candidates: readonly string[], what: string): string {
  const found = candidates.map((path) => join(root, path)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${what} in ${root}`);
  return found;
}

/**
 * The command line of one of a server's programs. Packaged programs run with the loader and libraries of their own
 * suite, so that the machine's C library does not matter. A tool sees its bare name as argv[0], as if found in PATH.
 */
export function programCommand(name: ServerName, program: string): CommandLine {
  const root = serverRoot(name);
  if (name === 'mysql56') {
    if (program !== 'mysqld') throw new Error(`mysql56 ships the server only, not ${program}`);
    const folder = join(root, 'package/server');
    return { command: join(folder, 'mysqld'), args: [], env: { LD_LIBRARY_PATH: folder } };
  }
  const path = firstExisting(
    root,
    PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`),
    program,
  );
  const libraries = LIBRARY_FOLDERS.map((folder) => join(root, folder)).join(':');
  // The loader of Debian 11 (glibc 2.31) does not know --argv0.
  const name0 = program.endsWith('d') || name === 'mariadb105' ? [] : ['--argv0', program];
  return {
    command: firstExisting(root, LOADERS, 'loader'),
    args: ['--library-path', libraries, ...name0, path],
    env: {},
  };
}

/**
 * The words before the arguments of a tool's program, which runs with the loader and libraries of its own suite.
 * @throws Error when the tool has no such program
 */
export function toolCommand(name: ToolName, program: string): readonly string[] {
  const root = serverRoot(name);
  const path = firstExisting(
    root,
    PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`),
    program,
  );
  const libraries = LIBRARY_FOLDERS.map((folder) => join(root, folder)).join(':');
  return [firstExisting(root, LOADERS, 'loader'), '--library-path', libraries, path];
}

/** Start one of a server's programs; the caller owns the process. */
export function spawnProgram(
  name: ServerName,
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const line = programCommand(name, program);
  return spawn(line.command, [...line.args, ...args], {
    ...options,
    env: { ...(options.env ?? process.env), ...line.env },
  });
}

/** The exit status that stands for a process ended by a signal. */
export const SIGNALLED = 128;

/** What a process printed, as bytes, and how it ended. */
export interface ProcessEnd {
  readonly exit: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Feed a process with three pipes its input and wait for its end. */
export async function endOf(child: ChildProcess, stdin?: string | Buffer): Promise<ProcessEnd> {
  const { stdin: input, stdout: out, stderr: err } = child;
  if (input === null || out === null || err === null) throw new Error('the process has no pipes');
  // A program that stops reading closes the pipe: its exit status tells the rest.
  input.on('error', () => {});
  input.end(stdin ?? '');
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? SIGNALLED));
  });
  const [exit, stdout, stderr] = await Promise.all([ended, buffer(out), buffer(err)]);
  return { exit, stdout, stderr };
}

/** Run one of a server's programs to its end. Never rejects for an exit status: that is part of the result. */
export async function runTool(
  name: ServerName,
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly stdin?: string | Buffer;
    readonly timeout?: number;
  } = {},
): Promise<ProgramResult> {
  const { stdin, ...spawning } = options;
  const { exit, stdout, stderr } = await endOf(spawnProgram(name, program, args, spawning), stdin);
  return { exit, stdout: stdout.toString(), stderr: stderr.toString() };
}
