import { Command, CommanderError } from 'commander';
import { severities, worst } from '../../certificates/index.ts';
import { isSystemError, RowlockError, UsageError } from '../../errors/index.ts';
import { wholeNumber } from '../certs/commands/definition.ts';
import { type CertsContext, type CertsInput, contextOf } from '../certs/context.ts';
import { helpWord } from '../certs/help-word.ts';
import { type LoginOptions, loginOptions, visitOptions } from '../certs/login-options.ts';
import { systemErrorLines } from '../certs/system-error.ts';
import { readTrustFile } from '../certs/trust-file.ts';
import { parseAddress, type ServerAddress, type Visit } from '../certs/visit.ts';
import { withoutSecrets } from '../hide-secrets.ts';
import { visibleText } from '../visible-text.ts';
import { diagnose } from './diagnose.ts';
import type { DoctorSettings } from './doctor-settings.ts';
import { findAuthority } from './facts/authority-facts.ts';
import { gatherFacts } from './facts/gather-facts.ts';
import type { ServerFacts } from './facts/server-facts.ts';
import { reportJson, sayReport } from './report.ts';

interface DoctorOptions extends LoginOptions {
  readonly source?: readonly string[];
  readonly replica?: readonly string[];
  readonly warn: number;
  readonly critical: number;
  readonly timeout: number;
  readonly folder: string;
  readonly authority?: string;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** A server as the command line names it. */
interface Target {
  readonly text: string;
  readonly role: 'source' | 'replica' | undefined;
  readonly address: ServerAddress;
}

/** What became of a visit. */
type Visited = Target & ({ readonly facts: ServerFacts } | { readonly error: Error });

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
const visitLater: Visit = async (address, options) =>
  (await import('../certs/talk.ts')).visitServer(address, options);

/** Exit status of what could not be looked at: it may hide anything. */
const COULD_NOT_LOOK = 3;

/**
 * Runs `rowlock doctor HOST…`.
 *
 * @returns the exit status: 0 healthy (notes count as healthy), 1 warnings, or something the account may not see, 2 critical,
 *   3 a server that could not be reached or did not let the account in
 */
export async function runDoctor(input: CertsInput): Promise<number> {
  const { say, ...given } = contextOf({ visit: visitLater, ...input });
  // Nearly every line has something in it that a server said.
  const context = { ...given, say: (...lines: readonly string[]) => say(...lines.map(visibleText)) };
  let status = 0;
  const command = doctorProgram(context).action(async (hosts: readonly string[], options: DoctorOptions) => {
    status = await examine(context, hosts, options);
  });
  try {
    await command.parseAsync(input.argv.map(helpWord), { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_LOOK;
    if (isSystemError(error)) {
      const [line, ...hints] = systemErrorLines(error);
      context.note(`rowlock doctor: ${line}`, ...hints);
      return COULD_NOT_LOOK;
    }
    if (!(error instanceof RowlockError)) throw error;
    context.note(`rowlock doctor: ${error.describe()}`, ...(error.hint === undefined ? [] : [error.hint]));
    return COULD_NOT_LOOK;
  }
}

/** The command as commander knows it. */
export function doctorProgram({ stdout, stderr }: Pick<CertsContext, 'stdout' | 'stderr'>): Command {
  const command = new Command('rowlock doctor')
    .description('Look at the TLS and replication of running servers; changes nothing.')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'rowlock doctor: ')),
    })
    .exitOverride()
    .showHelpAfterError('(try --help)')
    .argument('[host:port...]', 'servers (default port: 3306)')
    .option('--source <host:port>', 'a source, which is held against the replicas; may be repeated', collect)
    .option('--replica <host:port>', 'a replica, which must have a channel; may be repeated', collect)
    .option('--warn <days>', 'warn from this many days before a certificate ends', wholeNumber(0), 30)
    .option('--critical <days>', 'critical from this many days before', wholeNumber(0), 7)
    .option('--timeout <seconds>', 'time a server has for each answer', wholeNumber(1, 3600), 15)
    .option('--plain', 'log in even where the server has no TLS, or none of today: to see why')
    .option(
      '-a, --authority <dir>',
      'folder of the authority that mends make certificates with (default: $ROWLOCK_AUTHORITY, else the current folder)',
    )
    .option(
      '--folder <dir>',
      'where mends put the files on a server that has no place for them',
      '/etc/mysql/tls',
    )
    .option('--json', 'print JSON, one line for each server')
    .addHelpText(
      'after',
      '\nExit status: 0 healthy, 1 warnings or something hidden from the account, 2 critical, 3 could not look.',
    );
  return loginOptions(command);
}

function targetsOf(hosts: readonly string[], { source = [], replica = [] }: DoctorOptions): Target[] {
  const all = [
    ...hosts.map((text) => ({ text, role: undefined })),
    ...source.map((text) => ({ text, role: 'source' as const })),
    ...replica.map((text) => ({ text, role: 'replica' as const })),
  ];
  if (all.length === 0) throw new UsageError('no server: rowlock doctor HOST[:PORT]');
  return all.map(({ text, role }) => {
    const address = parseAddress(text, 3306);
    if (address === undefined)
      throw new UsageError(`'${withoutSecrets([text])[0]}' is not HOST or HOST:PORT`);
    return { text, role, address };
  });
}

async function settingsOf(context: CertsContext, options: DoctorOptions): Promise<DoctorSettings> {
  const { sslCa } = options;
  const trust = sslCa === undefined ? undefined : await readTrustFile(context, sslCa);
  return {
    now: context.now(),
    warnDays: options.warn,
    criticalDays: options.critical,
    trust: trust?.text,
    trustPath: trust?.path,
    folder: options.folder.replace(/(?<=.)\/+$/, ''),
    authority: await findAuthority(context, options.authority),
  };
}

/** What the system's words for a server that cannot be reached mean. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host'],
  [/ECONNREFUSED/, 'nothing listens there'],
  [/EHOSTUNREACH|ENETUNREACH/, 'no way leads there'],
  [/no answer within|ETIMEDOUT/, 'a server that hangs, something between, or no MySQL server'],
  [
    /protocol version 11\b/,
    "MySQL's X protocol: the server itself has another port, 3306 unless it says otherwise",
  ],
  [/^packet of \d+ bytes|^packets out of order|HandshakeV10/, 'another service, no MySQL server'],
  [/without a greeting|ECONNRESET/, 'no MySQL server, or one that does not want this host'],
];

function unreachable({ message }: Error): string {
  const reason = reasons.find(([pattern]) => pattern.test(message))?.[1];
  return reason === undefined ? message : `${message} (${reason})`;
}

async function examine(
  context: CertsContext,
  hosts: readonly string[],
  options: DoctorOptions,
): Promise<number> {
  const targets = targetsOf(hosts, options);
  const login = {
    ...(await visitOptions(context, options)),
    timeoutMs: options.timeout * 1000,
    ...(options.plain === true ? { plain: true } : {}),
  };
  const settings = await settingsOf(context, options);
  const visited = await Promise.all(
    targets.map(async (target): Promise<Visited> => {
      try {
        return { ...target, facts: await gatherFacts(context.visit, target.address, login, settings) };
      } catch (error) {
        const expected = error instanceof RowlockError || (error as NodeJS.ErrnoException).code !== undefined;
        if (!expected) throw error;
        return { ...target, error: error as Error };
      }
    }),
  );
  const seen = visited.flatMap((one) => ('facts' in one ? [one] : []));
  const diagnoses = diagnose(seen, settings);
  let status = 0;
  for (const [index, one] of visited.entries()) {
    if (index > 0 && options.json !== true) context.say('');
    if ('error' in one) {
      const { text, error } = one;
      const message = unreachable(error);
      context.say(
        options.json === true ? JSON.stringify({ server: text, error: message }) : `${text}  ${message}`,
      );
      status = COULD_NOT_LOOK;
      continue;
    }
    const { text, facts } = one;
    const found = diagnoses.get(one) ?? [];
    if (options.json === true) context.say(reportJson(text, facts, found, settings.now));
    else sayReport(context, text, facts, found);
    const own = facts.refused ? COULD_NOT_LOOK : severities.indexOf(worst(found));
    // What the server keeps from the account may be anything; files are a bonus.
    status = Math.max(status, own, facts.denied ? 1 : 0);
  }
  return status;
}
