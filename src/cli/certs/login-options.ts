import type { Command } from 'commander';
import { readText } from '../../certificates/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { CertsContext } from './context.ts';
import { resolvePath } from './open.ts';
import type { VisitOptions } from './visit.ts';

/** Options of commands that log in to a server. */
export interface LoginOptions {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly sslCa?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
}

/** Milliseconds a server has for each answer. */
const LOGIN_TIMEOUT = 15_000;

/** Adds the options. */
export function loginOptions(command: Command): Command {
  return command
    .option('-u, --user <name>', 'account to log in with')
    .option(
      '--password-file <file>',
      'its password: the first line of this file; - reads standard input (default: $MYSQL_PWD)',
    )
    .option('--ssl-ca <file>', 'verify the server, name included, against these authorities')
    .option('--ssl-cert <file>', 'certificate to show to the server')
    .option('--ssl-key <file>', 'its private key');
}

/** What a visit needs, from the options and the environment. */
export async function visitOptions(context: CertsContext, options: LoginOptions): Promise<VisitOptions> {
  const path = (file: string): string => resolvePath(context, file);
  const password = await passwordOf(context, options);
  return {
    timeoutMs: LOGIN_TIMEOUT,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(password === undefined ? {} : { password }),
    ...(options.sslCa === undefined ? {} : { ca: path(options.sslCa) }),
    ...(options.sslCert === undefined ? {} : { cert: path(options.sslCert) }),
    ...(options.sslKey === undefined ? {} : { key: path(options.sslKey) }),
  };
}

async function passwordOf(
  context: CertsContext,
  { passwordFile }: LoginOptions,
): Promise<string | undefined> {
  if (passwordFile === undefined) return context.env['MYSQL_PWD'];
  let text = '';
  if (passwordFile === '-') for await (const chunk of context.stdin) text += String(chunk);
  else {
    const found = await readText(resolvePath(context, passwordFile));
    if (found === undefined) throw new UsageError(`no such password file: ${passwordFile}`);
    text = found;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}
