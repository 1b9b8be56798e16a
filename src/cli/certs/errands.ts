import { type Authority, findPair, isWithdrawingTrust, type PairRecord } from '../../certificates/index.ts';
import { RowlockError, UsageError } from '../../errors/index.ts';
import type { CertsContext } from './context.ts';
import { resolvePath } from './open.ts';
import { type DeploymentOrder, inOrder, type PlacedServer, sourceLevels } from './order.ts';
import type { ReloadLogin } from './reload.ts';
import { readRole, type ServerRole } from './roles.ts';
import { type DeployTarget, parseTarget } from './target.ts';
import { parseAddress } from './visit.ts';

/** One thing to do: a pair, and where it goes. */
export interface Errand {
  readonly pair: PairRecord;
  readonly target: DeployTarget;
  /** `host:port` of the server that uses the files; undefined when nobody said. */
  readonly reload: string | undefined;
}

/** What the errands of a command line depend on. */
export interface ErrandOptions {
  readonly server?: string;
  readonly user?: string;
  readonly all?: boolean;
  /** Servers that are sources of the others; when there is none, servers are asked. */
  readonly source: readonly string[];
  readonly reload?: string;
  readonly reloadUser?: string;
  readonly reloadUnverified?: boolean;
  readonly restarted?: boolean;
}

/** The errands of a command line, in the order it gives them, or in which they were done before. */
export function chooseErrands(
  context: CertsContext,
  authority: Authority,
  targets: readonly string[],
  options: ErrandOptions,
): Errand[] {
  const { server, user } = options;
  const parse = (text: string): DeployTarget => parseTarget(text, (path) => resolvePath(context, path));
  if (options.all === true) {
    if (targets.length > 0 || server !== undefined || user !== undefined || options.reload !== undefined)
      throw new UsageError('deploy --all takes no target, --server, --user or --reload');
    for (const name of options.source) findPair(authority, 'server', name);
    const errands = authority.ledger.deployments.map(({ kind, name, target, reload: address }) => ({
      pair: findPair(authority, kind, name),
      target: parse(target),
      // Without an account nobody is visited: the files are laid down, and the person reloads. A restarted server needs none.
      reload:
        options.reloadUser === undefined && options.restarted !== true ? undefined : (address ?? undefined),
    }));
    if (errands.length === 0) throw new UsageError('nothing was deployed before');
    return errands;
  }
  if (options.source.length > 0) throw new UsageError('--source goes with --all');
  if ((server === undefined) === (user === undefined))
    throw new UsageError('deploy needs either --server NAME or --user NAME, or --all');
  if (targets.length === 0) throw new UsageError('deploy needs a target');
  if (user !== undefined && options.reload !== undefined)
    throw new UsageError('--reload goes with --server: programs read the pair of a user when they connect');
  if (options.reload === undefined) refuseWithoutReload(options);
  const pair =
    server === undefined ? findPair(authority, 'user', user ?? '') : findPair(authority, 'server', server);
  return targets.map((text) => ({ pair, target: parse(text), reload: options.reload }));
}

function refuseWithoutReload(options: ErrandOptions): void {
  const given = [
    options.reloadUser === undefined ? [] : '--reload-user',
    options.reloadUnverified === true ? '--reload-unverified' : [],
    options.restarted === true ? '--restarted' : [],
  ].flat();
  if (given.length > 0) throw new UsageError(`${given[0]} needs --reload HOST:PORT (or --all)`);
}

/**
 * Sorts errands as the stage of a roll-over needs it: sources last, or first when they hand out that the old authority is
 * no longer trusted.
 *
 * @param sources servers named as sources; when there is none, every server with an address is asked
 */
export async function orderErrands(
  context: CertsContext,
  authority: Authority,
  errands: readonly Errand[],
  sources: readonly string[],
  login: ReloadLogin,
): Promise<Errand[]> {
  const levels =
    sources.length > 0
      ? new Map(sources.map((name) => [name, 1]))
      : sourceLevels(await placeServers(context, errands, login));
  const order: DeploymentOrder = isWithdrawingTrust(authority) ? 'sources first' : 'sources last';
  const items = errands.map((errand) => ({ kind: errand.pair.kind, name: errand.pair.name, errand }));
  return inOrder(items, levels, order).map(({ errand }) => errand);
}

/** The order as a person reads it; nothing to say about a single one. */
export function orderLines(errands: readonly Errand[]): string[] {
  const names = [...new Set(errands.map(({ pair }) => `${pair.kind} ${pair.name}`))];
  return names.length < 2 ? [] : [`Order: ${names.join(', ')}`];
}

async function placeServers(
  context: CertsContext,
  errands: readonly Errand[],
  login: ReloadLogin,
): Promise<PlacedServer[]> {
  const addresses = new Map<string, string>();
  for (const { pair, reload } of errands) {
    if (pair.kind === 'server' && reload !== undefined) addresses.set(pair.name, reload);
  }
  // One server has nobody to stand before or behind.
  if (addresses.size < 2) return [];
  const placed: PlacedServer[] = [];
  for (const [name, text] of addresses) {
    const role = await roleOf(context, name, text, login);
    placed.push({ name, role });
    if (role.unknown !== undefined) {
      context.note(
        `rowlock certs: cannot see all of the replication of server ${name} (${role.unknown}); --source NAME says who is a source`,
      );
    }
  }
  return placed;
}

async function roleOf(
  context: CertsContext,
  name: string,
  text: string,
  { before }: ReloadLogin,
): Promise<ServerRole> {
  const address = parseAddress(text, 3306);
  if (address === undefined)
    throw new UsageError(`server ${name} was deployed with --reload ${text}: not host:port`);
  try {
    const visit = await context.visit(address, before);
    try {
      return await readRole(visit, address);
    } finally {
      await visit.close();
    }
  } catch (error) {
    if (!(error instanceof RowlockError) || error instanceof UsageError) throw error;
    // Its replicas may still name it by its address.
    const self = { uuid: undefined, serverId: undefined, address };
    return { self, sources: [], replicas: [], unknown: error.message };
  }
}
