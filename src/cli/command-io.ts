import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isSystemError, systemError } from '../errors/index.ts';
import { type ByteSource, fileSource } from '../store/index.ts';

/** A place to write to. Returns when the bytes are written: that is the only backpressure there is. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  /** Whether a person looks at it. Finding out may cost some milliseconds. */
  readonly isTerminal: boolean;
}

/** Everything a command may know of the process that runs it; tests give their own. */
export interface CommandIo {
  /** The words after the command. */
  readonly argv: readonly string[];
  /** The name the user started, for messages: `rowlock`, `mysqlbinlog`. */
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: () => ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
}

/** The reader of our output has gone away. The command ends quietly, with the status a shell shows for SIGPIPE. */
export class BrokenPipe extends Error {
  static readonly exitStatus = 128 + 13;
}

/** Whether standard output, or standard error, could not be written: writes to files have their paths. */
export function isOutputFailure(error: unknown): error is NodeJS.ErrnoException {
  return isSystemError(error) && error.syscall === 'write' && error.path === undefined;
}

/** The line for such a failure. */
export function outputFailure(error: NodeJS.ErrnoException): Buffer {
  return Buffer.from(`rowlock: the output cannot be written: ${systemError(error).text}\n`);
}

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/** Writes to a descriptor to the last byte, waiting where a pipe is full and somebody made it non-blocking. */
export function descriptorSink(fd: number): ByteSink {
  return {
    get isTerminal() {
      return isatty(fd);
    },
    write(bytes) {
      for (let written = 0; written < bytes.length; ) {
        try {
          written += writeSync(fd, bytes, written);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EAGAIN') Atomics.wait(sleepCell, 0, 0, 1);
          else if (code === 'EPIPE') throw new BrokenPipe();
          else throw error;
        }
      }
    },
  };
}

/** The real thing. It never touches `process.stdout`: that would make a pipe non-blocking, and full pipes would have to be polled. */
export function processIo(program: string, argv: readonly string[]): CommandIo {
  return {
    argv,
    program,
    cwd: process.cwd(),
    env: process.env,
    stdin: () => fileSource('-', 0),
    stdout: descriptorSink(1),
    stderr: descriptorSink(2),
  };
}
