import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type Authority,
  CertificateError,
  filesToDeploy,
  findPair,
  type PairRecord,
  recordDeployment,
} from '../../../certificates/index.ts';
import { UsageError } from '../../../errors/index.ts';
import type { CertsContext, CommonOptions, ExitCode } from '../context.ts';
import { type DeploySettings, deployTo } from '../deploy.ts';
import { visitOptions } from '../login-options.ts';
import { changeAuthority, resolvePath } from '../open.ts';
import { reload } from '../reload.ts';
import { type DeployTarget, parseTarget } from '../target.ts';
import { parseAddress } from '../visit.ts';
import { type AddCommand, authorityOptions, wholeNumber } from './definition.ts';

interface DeployOptions extends CommonOptions {
  readonly server?: string;
  readonly user?: string;
  readonly all?: boolean;
  readonly targetOwner?: string;
  readonly retries: number;
  readonly dryRun?: boolean;
  readonly ssh: string;
  readonly sshOption: readonly string[];
  readonly sudo?: boolean;
  readonly reload?: string;
  readonly reloadUser?: string;
  readonly reloadUnverified?: boolean;
  readonly restarted?: boolean;
  readonly passwordFile?: string;
}

/** One thing to do: a pair, and where it goes. */
interface Errand {
  readonly pair: PairRecord;
  readonly target: DeployTarget;
  /** `host:port` of the server that uses the files; undefined when nobody said. */
  readonly reload: string | undefined;
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
      const errands = chooseErrands(context, authority, targets, options);
      let failed = 0;
      for (const errand of errands) {
        if (!(await runErrand(context, authority, errand, options))) failed++;
      }
      if (failed > 0) context.note(`rowlock certs: ${failed} of ${errands.length} targets not reached`);
      end((failed > 0 ? 1 : 0) satisfies ExitCode);
    });
  });
};

function chooseErrands(
  context: CertsContext,
  authority: Authority,
  targets: readonly string[],
  options: DeployOptions,
): Errand[] {
  const { server, user } = options;
  const parse = (text: string): DeployTarget => parseTarget(text, (path) => resolvePath(context, path));
  if (options.all === true) {
    if (targets.length > 0 || server !== undefined || user !== undefined)
      throw new UsageError('deploy --all takes no target, --server or --user');
    const errands = authority.ledger.deployments.map(({ kind, name, target, reload: address }) => ({
      pair: findPair(authority, kind, name),
      target: parse(target),
      // Without an account nobody is visited: the files are laid down, and the person reloads.
      reload: options.reloadUser === undefined ? undefined : (address ?? undefined),
    }));
    if (errands.length === 0) throw new UsageError('nothing was deployed before');
    return errands;
  }
  if ((server === undefined) === (user === undefined))
    throw new UsageError('deploy needs either --server NAME or --user NAME, or --all');
  if (targets.length === 0) throw new UsageError('deploy needs a target');
  const pair =
    server === undefined ? findPair(authority, 'user', user ?? '') : findPair(authority, 'server', server);
  return targets.map((text) => ({ pair, target: parse(text), reload: options.reload }));
}

/** True when the target has the files now (and, if asked for, its server serves them). */
async function runErrand(
  context: CertsContext,
  authority: Authority,
  errand: Errand,
  options: DeployOptions,
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
    if (!(error instanceof CertificateError) && (error as NodeJS.ErrnoException).syscall === undefined)
      throw error;
    say('failed', { error: (error as Error).message });
    const hint = error instanceof CertificateError && error.hint !== undefined ? [error.hint] : [];
    context.note(`rowlock certs: ${(error as Error).message}`, ...hint);
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
  return activate(context, authority, errand, options, place, say);
}

async function activate(
  context: CertsContext,
  authority: Authority,
  { pair, reload: server }: Errand,
  options: DeployOptions,
  place: string,
  say: (state: string, more?: Record<string, unknown>) => void,
): Promise<boolean> {
  const address = parseAddress(server ?? '', 3306);
  if (address === undefined) throw new UsageError(`--reload ${server}: not host:port`);
  const { passwordFile, reloadUser: user } = options;
  const login = await visitOptions(context, {
    ...(user === undefined ? {} : { user }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    sslCa: join(authority.folder, 'ca.pem'),
  });
  const { ca: _, ...unverified } = login;
  const outcome = await reload(
    context.visit,
    address,
    {
      before: options.reloadUnverified === true ? unverified : login,
      after: login,
      restarted: options.restarted === true,
    },
    pair.certificate,
  );
  if (outcome.state === 'active') {
    await recordDeployment(authority, pair, { target: place, active: true, reload: server });
    say(`deployed and served${outcome.statement === undefined ? '' : ` after ${outcome.statement}`}`);
    return true;
  }
  if (outcome.state === 'restart')
    say(
      'deployed; this server takes it at its next restart: restart it, then run deploy again with --restarted',
    );
  else
    say('deployed, but the server serves another certificate: are ssl_cert and ssl_key set to this folder?');
  return false;
}
