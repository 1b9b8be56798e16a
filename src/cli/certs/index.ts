import { Command, CommanderError } from 'commander';
import { isSystemError, RowlockError } from '../../errors/index.ts';
import { addCommands } from './commands/index.ts';
import { type CertsContext, type CertsInput, contextOf, type ExitCode } from './context.ts';
import { helpWord } from './help-word.ts';
import { systemErrorLines } from './system-error.ts';

export { type CertsContext, type CertsInput, contextOf } from './context.ts';

import type { Visit } from './visit.ts';

export type { ServerAddress, ServerVisit, Visit, VisitOptions } from './visit.ts';

/**
 * Runs `rowlock certs …`.
 *
 * @returns the exit status: 0 done; 1 failed (for `check`: warnings); 2 `check` found something critical; 3 `check`
 *   could not look
 */
export async function runCerts(input: CertsInput): Promise<number> {
  const context = contextOf({ visit: visitLater, ...input });
  let status: ExitCode = 0;
  const program = certsProgram(context, (code) => {
    status = code;
  });
  const failure: ExitCode = input.argv[0] === 'check' ? 3 : 1;
  try {
    await program.parseAsync(input.argv.map(helpWord), { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : failure;
    if (error instanceof RowlockError) {
      context.note(`rowlock certs: ${error.describe()}`, ...(error.hint === undefined ? [] : [error.hint]));
      return failure;
    }
    if (isSystemError(error)) {
      const [line, ...hints] = systemErrorLines(error);
      context.note(`rowlock certs: ${line}`, ...hints);
      return failure;
    }
    throw error;
  }
}

/** The commands as commander knows them; `end` is told the exit status of the one that is run. */
export function certsProgram(context: CertsContext, end: (code: ExitCode) => void): Command {
  const program = new Command('rowlock certs')
    .description('Certificates for MySQL and MariaDB: make, hand out, check, roll over.')
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'rowlock certs: ')),
    })
    .exitOverride()
    .showHelpAfterError('(try --help)');
  addCommands(program, context, end);
  return program;
}

/** The protocol is loaded when the first server is visited: most commands visit none. */
const visitLater: Visit = async (address, options) =>
  (await import('./talk.ts')).visitServer(address, options);
