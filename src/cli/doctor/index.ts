import { Command, CommanderError } from 'commander';
import {
  daysUntil,
  type Finding,
  inspectCertificate,
  type Severity,
  severities,
  worst,
} from '../../certificates/index.ts';
import { RowlockError, UsageError } from '../../errors/index.ts';
import { bar, showsUnicode } from '../certs/bar.ts';
import { wholeNumber } from '../certs/commands/definition.ts';
import { type CertsContext, type CertsInput, contextOf } from '../certs/context.ts';
import { type LoginOptions, loginOptions, visitOptions } from '../certs/login-options.ts';
import { resolvePath } from '../certs/open.ts';
import { parseAddress, type Visit } from '../certs/visit.ts';
import { checkChannels } from './check-channels.ts';
import { checkAccounts, checkBinlog, checkPlugins, checkTransport, checkVersion } from './check-server.ts';
import {
  checkActive,
  checkCertificate,
  checkLoaded,
  checkProtocol,
  type DoctorSettings,
} from './check-tls.ts';
import { gatherFacts, type ServerFacts } from './facts.ts';

interface DoctorOptions extends LoginOptions {
  readonly source: readonly string[];
  readonly replica: readonly string[];
  readonly warn: number;
  readonly critical: number;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** The checks, in the order a person reads them. */
const checks: readonly ((facts: ServerFacts, settings: DoctorSettings) => Finding[])[] = [
  checkActive,
  checkLoaded,
  checkVersion,
  checkProtocol,
  checkCertificate,
  checkTransport,
  checkChannels,
  checkAccounts,
  checkPlugins,
  checkBinlog,
];

const collect = (value: string, before: readonly string[]): string[] => [...before, value];
const visitLater: Visit = async (address, options) =>
  (await import('../certs/talk.ts')).visitServer(address, options);

/**
 * Runs `rowlock doctor HOST…`.
 *
 * @returns the exit status: 0 healthy, 1 warnings, 2 critical, 3 could not look
 */
export async function runDoctor(input: CertsInput): Promise<number> {
  const context = contextOf({ visit: visitLater, ...input });
  let status = 0;
  const command = new Command('rowlock doctor')
    .description('Look at the TLS and replication of running servers; changes nothing.')
    .configureOutput({
      writeOut: (text) => void input.stdout.write(text),
      writeErr: (text) => void input.stderr.write(text),
    })
    .exitOverride()
    .argument('[host:port...]', 'servers (default port: 3306)')
    .option('--source <host:port>', 'a source; may be repeated', collect, [])
    .option('--replica <host:port>', 'a replica, which must have a channel; may be repeated', collect, [])
    .option('--warn <days>', 'warn from this many days before a certificate ends', wholeNumber(0), 30)
    .option('--critical <days>', 'critical from this many days before', wholeNumber(0), 7)
    .option('--plain', 'log in even where the server has no TLS, or none of today: to see why')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 healthy, 1 warnings, 2 critical, 3 could not look.');
  loginOptions(command).action(async (hosts: readonly string[], options: DoctorOptions) => {
    status = await examine(context, hosts, options);
  });
  try {
    await command.parseAsync([...input.argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (!(error instanceof RowlockError)) throw error;
    context.note(`rowlock doctor: ${error.describe()}`, ...(error.hint === undefined ? [] : [error.hint]));
    return 3;
  }
}

async function examine(
  context: CertsContext,
  hosts: readonly string[],
  options: DoctorOptions,
): Promise<number> {
  const targets = [
    ...hosts.map((text) => ({ text, role: undefined })),
    ...options.source.map((text) => ({ text, role: 'source' as const })),
    ...options.replica.map((text) => ({ text, role: 'replica' as const })),
  ];
  if (targets.length === 0) throw new UsageError('no server: rowlock doctor HOST[:PORT]');
  const login = {
    ...(await visitOptions(context, options)),
    ...(options.plain === true ? { plain: true } : {}),
  };
  const settings: DoctorSettings = {
    now: context.now(),
    warnDays: options.warn,
    criticalDays: options.critical,
    trust: options.sslCa === undefined ? undefined : resolvePath(context, options.sslCa),
  };
  let status = 0;
  for (const { text, role } of targets) {
    const address = parseAddress(text, 3306);
    if (address === undefined) throw new UsageError(`'${text}' is not HOST or HOST:PORT`);
    try {
      const facts = await gatherFacts(context.visit, address, login);
      const findings = [...checks.flatMap((check) => check(facts, settings)), ...roleFindings(facts, role)];
      report(context, text, facts, findings, options.json === true);
      status = Math.max(status, severities.indexOf(worst(findings)));
    } catch (error) {
      const reason = error instanceof RowlockError || (error as NodeJS.ErrnoException).code !== undefined;
      if (!reason) throw error;
      context.say(
        options.json === true
          ? JSON.stringify({ server: text, error: (error as Error).message })
          : `${text}: ${(error as Error).message}`,
      );
      status = 3;
    }
  }
  return status;
}

function roleFindings({ channels }: ServerFacts, role: 'source' | 'replica' | undefined): Finding[] {
  if (role !== 'replica' || channels === undefined || channels.length > 0) return [];
  return [
    {
      severity: 'critical',
      code: 'NOT_A_REPLICA',
      message: 'no replication channel is configured',
      mend: 'rowlock certs config --for source',
    },
  ];
}

function report(
  context: CertsContext,
  server: string,
  facts: ServerFacts,
  findings: readonly Finding[],
  json: boolean,
): void {
  const [leaf] = facts.look.served;
  const view = leaf === undefined ? undefined : inspectCertificate(leaf.raw);
  const now = context.now();
  if (json) {
    const { version, look, unseen } = facts;
    context.say(
      JSON.stringify({
        server,
        version,
        severity: worst(findings),
        tls: look.tls === undefined ? null : { protocol: look.tls.protocol, cipher: look.tls.cipher },
        certificate:
          view === undefined
            ? null
            : {
                subject: view.subject,
                issuer: view.issuer,
                names: view.names.map(({ value }) => value),
                notAfter: view.notAfter.toISOString(),
                daysLeft: daysUntil(view.notAfter, now),
              },
        findings,
        unseen,
      }),
    );
    return;
  }
  const unicode = showsUnicode(context.env);
  const words: Readonly<Record<Severity, string>> = { ok: 'note', warning: 'WARNING', critical: 'CRITICAL' };
  const { tls } = facts.look;
  context.say(
    `${server}  ${facts.version}  ${tls === undefined ? 'no TLS' : `${tls.protocol} ${tls.cipher}`}`,
  );
  if (view !== undefined) {
    context.say(
      `  ${bar(view.notBefore, view.notAfter, now, unicode)} ${daysUntil(view.notAfter, now)} d  ${view.subject}  by ${view.issuer}`,
    );
  }
  const order = findings.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  for (const { severity, message, mend } of order) {
    context.say(
      `  ${words[severity].padEnd(8)}  ${message}`,
      ...(mend === undefined ? [] : [`            ${unicode ? '→' : '->'} ${mend}`]),
    );
  }
  for (const line of facts.unseen) context.say(`  not seen  ${line}`);
  if (findings.length === 0 && facts.unseen.length === 0) context.say('  all well');
}
