import { UsageError } from '../../errors/index.ts';
import { MysqlGtidSet, parseMariadbGtidList } from '../../gtid/index.ts';
import { OptionError } from '../../options/index.ts';
import type { ReplicationFilters, StartPoint, Until } from '../../replication/index.ts';
import type { ConflictRule, TargetSessions, TransactionName } from '../../target/index.ts';
import type { Values } from '../binlog/options/values.ts';

/** What the command was asked to do, beside how to reach the source. */
export interface ReplicateSettings {
  readonly target: string;
  readonly channel: string;
  readonly start: StartPoint;
  /** The dump to begin with, and whether its rows are to be loaded. */
  readonly dump: { readonly path: string; readonly loads: boolean } | undefined;
  readonly stopAtEnd: boolean;
  readonly until: Until | undefined;
  readonly passOver: readonly TransactionName[];
  readonly conflicts: ConflictRule;
  readonly requireRowFormat: boolean;
  /** What is said about a target that is a server. */
  readonly sessions: TargetSessions;
  readonly filters: ReplicationFilters;
  /** Attempts in a row; 0: none. */
  readonly reconnect: number;
  readonly silent: boolean;
}

type Rules = { -readonly [Key in keyof ReplicationFilters]: ReplicationFilters[Key][number][] };

const LISTS = {
  'replicate-do-db': 'doDb',
  'replicate-ignore-db': 'ignoreDb',
  'replicate-do-table': 'doTable',
  'replicate-ignore-table': 'ignoreTable',
  'replicate-wild-do-table': 'wildDoTable',
  'replicate-wild-ignore-table': 'wildIgnoreTable',
} as const satisfies Record<string, Exclude<keyof Rules, 'rewriteDb'>>;

/** Filters, gathered while options are read: each may be given several times. */
export class GivenFilters {
  readonly rules: Rules = {
    doDb: [],
    ignoreDb: [],
    doTable: [],
    ignoreTable: [],
    wildDoTable: [],
    wildIgnoreTable: [],
    rewriteDb: [],
  };

  accept(name: string, value: string): void {
    if (name === 'replicate-rewrite-db') {
      this.#rewrite(value);
      return;
    }
    const list = LISTS[name as keyof typeof LISTS] as (typeof LISTS)[keyof typeof LISTS] | undefined;
    if (list === undefined) return;
    if (/table$/i.test(name) && !/^[^.]+\../.test(value))
      refuse(`ERROR: --${name} takes schema.table, not '${value}'`);
    this.rules[list].push(value);
  }

  #rewrite(value: string): void {
    const match = /^\s*(\S.*?)\s*->\s*(\S.*?)\s*$/s.exec(value);
    if (match === null) refuse(`ERROR: --replicate-rewrite-db takes FROM->TO, not '${value}'`);
    else this.rules.rewriteDb.push([match[1]!, match[2]!]);
  }
}

/** Transactions to do without, gathered while options are read. */
export class GivenTransactions {
  readonly names: TransactionName[] = [];

  /** @throws UsageError */
  accept(option: string, value: string): void {
    if (option !== 'pass-over') return;
    const place = placeOf(value);
    if (place === undefined && (value === '' || !isGtids(value)))
      throw new UsageError(`--pass-over takes a GTID or FILE:POSITION, not '${value}'`);
    this.names.push(place ?? { gtids: value });
  }
}

/** @throws UsageError */
export function readSettings(
  values: Values,
  filters: GivenFilters,
  passOver: readonly TransactionName[],
  reconnect: number | undefined,
): ReplicateSettings {
  const target = values.text('target');
  if (target === undefined || target === '') {
    throw new UsageError('no target', { hint: 'Give it with --target=sqlite:FOLDER.' });
  }
  return {
    target,
    channel: values.text('channel') ?? '',
    ...beginOf(values),
    stopAtEnd: values.on('stop-at-end'),
    until: untilOf(values),
    passOver,
    conflicts: values.word<ConflictRule>('on-conflict') ?? 'stop',
    requireRowFormat: values.on('require-row-format'),
    sessions: sessionsOf(values),
    filters: filters.rules as ReplicationFilters,
    reconnect: reconnect ?? DEFAULT_ATTEMPTS,
    silent: values.on('silent'),
  };
}

function sessionsOf(values: Values): TargetSessions {
  const keepGtids = values.switch('keep-gtids');
  const preserveCommitOrder = values.switch('preserve-commit-order');
  return {
    ...(keepGtids === undefined ? {} : { keepGtids }),
    ...(preserveCommitOrder === undefined ? {} : { preserveCommitOrder }),
    ...(values.isGiven('parallel-workers') ? { parallelWorkers: values.number('parallel-workers') } : {}),
  };
}

/** With the pauses in between, about half an hour. */
const DEFAULT_ATTEMPTS = 60;

function beginOf(values: Values): Pick<ReplicateSettings, 'start' | 'dump'> {
  const start = startOf(values.text('from') ?? 'beginning');
  const [loaded, noted] = [values.text('from-dump'), values.text('start-from-dump')];
  const path = loaded ?? noted;
  if (path === undefined) return { start, dump: undefined };
  if (path === '') throw new UsageError('a dump is named by its file');
  if (loaded !== undefined && noted !== undefined)
    throw new UsageError('give one of --from-dump and --start-from-dump');
  if (start === 'now' || (noted !== undefined && start !== 'beginning')) {
    throw new UsageError('--from and a dump say different places', {
      hint: 'Beside --from-dump it may say FILE:POSITION or GTIDs, for a dump that does not say where it was taken.',
    });
  }
  return { start, dump: { path, loads: loaded !== undefined } };
}

function startOf(text: string): StartPoint {
  if (text === 'beginning' || text === 'now') return text;
  const place = placeOf(text);
  if (place !== undefined) return place;
  if (!isGtids(text))
    throw new UsageError(`--from takes beginning, now, FILE:POSITION or GTIDs, not '${text}'`);
  return { gtids: text };
}

function untilOf(values: Values): Until | undefined {
  const before = values.text('until-before-gtids');
  const after = values.text('until-after-gtids');
  const position = values.text('until-position');
  const given = [before, after, position].filter((value) => value !== undefined);
  if (given.length > 1)
    throw new UsageError('give one of --until-before-gtids, --until-after-gtids and --until-position');
  for (const gtids of [before, after]) {
    if (gtids !== undefined && (gtids === '' || !isGtids(gtids)))
      throw new UsageError(`'${gtids}' are no GTIDs`);
  }
  if (before !== undefined) {
    if (isMariadb(before))
      throw new UsageError('--until-before-gtids takes GTIDs of MySQL', {
        hint: 'For MariaDB there is --until-after-gtids.',
      });
    return { kind: 'beforeGtids', gtids: before };
  }
  if (after !== undefined) return { kind: isMariadb(after) ? 'mariadbGtids' : 'afterGtids', gtids: after };
  if (position === undefined) return undefined;
  const place = placeOf(position);
  if (place === undefined) throw new UsageError(`--until-position takes FILE:POSITION, not '${position}'`);
  return { kind: 'sourcePosition', ...place };
}

/** `binlog.000003:4711` */
function placeOf(text: string): { readonly file: string; readonly position: number } | undefined {
  const match = /^([^:,]+\.\d+):(\d{1,16})$/.exec(text);
  return match === null ? undefined : { file: match[1]!, position: Number(match[2]) };
}

const isMariadb = (text: string): boolean => reads(() => parseMariadbGtidList(text));
const isGtids = (text: string): boolean => isMariadb(text) || reads(() => MysqlGtidSet.parse(text));

function reads(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

function refuse(line: string): never {
  throw new OptionError([line], 1);
}
