import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type Authority,
  CertificateError,
  filesToDeploy,
  isYasslKey,
  type PairRecord,
  recordDeployment,
  sharesName,
} from '../../../certificates/index.ts';
import { isSystemError, RowlockError, UsageError } from '../../../errors/index.ts';
import type { CertsContext, CommonOptions, ExitCode } from '../context.ts';
import { type DeploySettings, deployTo } from '../deploy.ts';
import { chooseErrands, type Errand, type ErrandOptions, orderErrands, orderLines } from '../errands.ts';
import { visitOptions } from '../login-options.ts';
import { changeAuthority } from '../open.ts';
import { type ReloadLogin, type ReloadOutcome, reload } from '../reload.ts';
import { systemErrorLines } from '../system-error.ts';
import { parseAddress } from '../visit.ts';
import { type AddCommand, authorityOptions, wholeNumber } from './definition.ts';

interface DeployOptions extends CommonOptions, ErrandOptions {
  readonly targetOwner?: string;
  readonly retries: number;
  readonly dryRun?: boolean;
  readonly ssh: string;
  readonly sshOption: readonly string[];
  readonly sudo?: boolean;
  readonly passwordFile?: string;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `certs deploy TARGET…`. */
export const addDeploy: AddCommand = (program: Command, context: CertsContext, end) => {
  const command = program
    .command('deploy [target...]')
    .description(
      'put a pair where it is used: local folders, or user@host:/path through OpenSSH; never half a pair',
    )
    .option('--server <name>', 'the pair of this server')
    .option('--user <name>', 'the pair of this account')
    .option(
      '--all',
      'every pair to every target it was deployed to before; with --reload-user, its server takes it again',
    )
    .option('--target-owner <user[:group]>', 'owner of the files on the target, such as mysql:mysql')
    .option(
      '--source <server>',
      'with --all: this server is a source, and the others are its replicas; may be repeated (default: ask them)',
      collect,
      [],
    )
    .option('--retries <n>', 'attempts after a failed one', wholeNumber(0, 20), 2)
    .option('-n, --dry-run', 'look at the targets and print what would be done')
    .option('--ssh <program>', 'ssh to use', 'ssh')
    .option('--ssh-option <option>', 'value of -o for ssh; may be repeated', collect, [])
    .option('--sudo', 'on the target, become root with sudo (which must not ask)')
    .option('--reload <host:port>', 'then make this server take the files, and see that it serves them')
    .option(
      '--reload-user <name>',
      'account for --reload (needs CONNECTION_ADMIN in MySQL, RELOAD in MariaDB)',
    )
    .option('--password-file <file>', 'its password: the first line of this file (default: $MYSQL_PWD)')
    .option(
      '--reload-unverified',
      'believe whoever answers: for a server that still has a certificate of its own',
    )
    .option(
      '--restarted',
      'servers that take files only at their start were restarted since these were laid down',
    );
  authorityOptions(command).action(async (targets: readonly string[], options: DeployOptions) => {
    await changeAuthority(context, options, async (authority) => {
      const login = await loginOf(context, authority, options);
      const chosen = chooseErrands(context, authority, targets, options);
      const errands =
        options.all === true ? await orderErrands(context, authority, chosen, options.source, login) : chosen;
      if (options.all === true && options.json !== true) context.say(...orderLines(errands));
      let failed = 0;
      for (const errand of errands) {
        if (!(await runErrand(context, authority, errand, options, login))) failed++;
      }
      if (failed > 0) context.note(`rowlock certs: ${failed} of ${errands.length} targets not reached`);
      end((failed > 0 ? 1 : 0) satisfies ExitCode);
    });
  });
};

/** True when the target has the files now (and, if asked for, its server serves them). */
async function runErrand(
  context: CertsContext,
  authority: Authority,
  errand: Errand,
  options: DeployOptions,
  login: ReloadLogin,
): Promise<boolean> {
  const { pair, target } = errand;
  const dryRun = options.dryRun === true;
  const settings: DeploySettings = {
    owner: options.targetOwner,
    attempts: options.retries + 1,
    dryRun,
    ssh: { program: options.ssh, options: options.sshOption, sudo: options.sudo === true, env: context.env },
  };
  const place = target.kind === 'local' ? target.folder : target.text;
  const say = (state: string, more: Record<string, unknown> = {}): void => {
    if (options.json === true)
      context.say(JSON.stringify({ kind: pair.kind, name: pair.name, target: place, state, ...more }));
    else context.say(`${pair.kind} ${pair.name}  ${place}  ${state}`);
  };
  try {
    const steps = await deployTo(context, authority, target, await filesToDeploy(authority, pair), settings);
    if (dryRun) {
      if (options.json === true) say('would be deployed', { steps });
      else context.say(`${pair.kind} ${pair.name}  ${place}:`, ...steps.map((step) => `  ${step}`));
      return true;
    }
  } catch (error) {
    const [line, ...hints] = complaintOf(error);
    say('failed', { error: line });
    context.note(`rowlock certs: ${line}`, ...hints);
    return false;
  }
  await recordDeployment(authority, pair, {
    target: place,
    active: pair.kind === 'user',
    reload: errand.reload,
  });
  if (errand.reload === undefined || pair.kind === 'user') {
    say(
      pair.kind === 'user'
        ? 'deployed'
        : 'deployed; now ALTER INSTANCE RELOAD TLS (MySQL 8.0.16+), FLUSH SSL (MariaDB 10.4+) or restart',
    );
    return true;
  }
  return activate(context, authority, errand, options, login, place, say);
}

async function activate(
  context: CertsContext,
  authority: Authority,
  { pair, reload: server }: Errand,
  options: DeployOptions,
  login: ReloadLogin,
  place: string,
  say: (state: string, more?: Record<string, unknown>) => void,
): Promise<boolean> {
  const address = parseAddress(server ?? '', 3306);
  if (address === undefined) throw new UsageError(`--reload ${server}: not host:port`);
  let outcome: ReloadOutcome;
  try {
    outcome = await reload(
      context.visit,
      address,
      { ...login, restarted: options.restarted === true },
      pair.certificate,
    );
  } catch (error) {
    if (!(error instanceof RowlockError) || error instanceof UsageError) throw error;
    say(`deployed, but ${server} did not take it`, { error: error.message });
    context.note(
      `rowlock certs: ${server}: ${error.message}`,
      ...(error.hint === undefined ? [] : [error.hint]),
    );
    return false;
  }
  if (outcome.state === 'active') {
    await recordDeployment(authority, pair, { target: place, active: true, reload: server });
    say(`deployed and served${outcome.statement === undefined ? '' : ` after ${outcome.statement}`}`);
    return true;
  }
  if (outcome.state === 'restart' && outcome.mayBeYassl) context.note(...yasslNotes(authority, pair));
  if (outcome.state === 'restart')
    say(
      'deployed; this server takes it at its next restart: restart it, then run deploy again with --restarted',
    );
  else
    say('deployed, but the server serves another certificate: are ssl_cert and ssl_key set to this folder?');
  return false;
}

/** How `--reload-user` logs in before a server has taken the files, and after. */
async function loginOf(
  context: CertsContext,
  authority: Authority,
  options: DeployOptions,
): Promise<ReloadLogin> {
  const { passwordFile, reloadUser: user } = options;
  const after = await visitOptions(context, {
    ...(user === undefined ? {} : { user }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    sslCa: join(authority.folder, 'ca.pem'),
  });
  const { ca: _, ...unverified } = after;
  return { before: options.reloadUnverified === true ? unverified : after, after };
}

/** What kept a target from its files, in one line, and what to do. @throws what is no such thing */
function complaintOf(error: unknown): readonly [string, ...string[]] {
  if (error instanceof CertificateError)
    return error.hint === undefined ? [error.describe()] : [error.describe(), error.hint];
  if (isSystemError(error)) return systemErrorLines(error);
  throw error;
}

/** What MySQL linked with yaSSL cannot do, seen from what it was given. */
function yasslNotes(authority: Authority, pair: PairRecord): string[] {
  const may = `rowlock certs: server ${pair.name} may be linked with yaSSL, which`;
  return [
    ...(pair.keyKind === null || isYasslKey(pair.keyKind, pair.keyForm)
      ? []
      : [
          `${may} reads RSA keys in the traditional form alone: restarted, it would start without TLS.`,
          'Make it a pair with certs server NAME --key rsa-2048 --key-form traditional.',
        ]),
    ...(sharesName(authority)
      ? [
          `${may} believes the first of two authorities of one name alone: during this roll-over it may refuse pairs`,
          'of the other one. Begin the next with rotate --ca --name ANOTHER.',
        ]
      : []),
  ];
}
