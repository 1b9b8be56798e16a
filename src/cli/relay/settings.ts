import type { Flavor } from '../../charset/index.ts';
import { UsageError } from '../../errors/index.ts';
import {
  type DefaultsSurroundings,
  type LoadedDefaults,
  loadDefaults,
  type OptionValue,
  type ParsedArguments,
  parseArguments,
  resolveOptions,
} from '../../options/index.ts';
import { knownName, notVariables, relayOptionGroups, relayOptionTable } from './options.ts';

/** What the command line says. */
export interface RelaySettings {
  readonly action: 'run' | 'help' | 'version';
  readonly folder: string;
  readonly flavor: Flavor;
  readonly port: number;
  readonly bindAddress: string;
  readonly socket: string;
  /** Binary logs are NAME.000001 … in the data folder. */
  readonly logBin: string;
  /** 0: none. */
  readonly httpPort: number;
  readonly skipReplicaStart: boolean;
  /** System variables that were given. */
  readonly variables: Readonly<Record<string, string | number | boolean>>;
  readonly logError: string | undefined;
  readonly auditLog: string | undefined;
  readonly logLevel: string;
}

/** --print-defaults */
export interface DefaultsOnly {
  readonly action: 'printDefaults';
  readonly words: LoadedDefaults['words'];
}

/** Reads option files ([rowlock]) and command line. @throws OptionError, UsageError */
export function readSettings(
  surroundings: Omit<DefaultsSurroundings, 'dialect' | 'groups'>,
): RelaySettings | DefaultsOnly {
  const dialect = 'mysql';
  const { words, printDefaults } = loadDefaults({ ...surroundings, dialect, groups: relayOptionGroups });
  if (printDefaults) return { action: 'printDefaults', words };
  let action: RelaySettings['action'] = 'run';
  const { program, warn } = surroundings;
  const { positionals, ...parsed } = parseArguments(resolveOptions(relayOptionTable, dialect), words, {
    dialect,
    program,
    warn,
    onOption: ({ option: { name } }) => {
      if (name !== 'help' && name !== 'version') return undefined;
      action = name;
      return 'stop';
    },
  });
  const { values, given } = underKnownNames(parsed);
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  if (action === 'run' && positionals.length > 0)
    throw new UsageError(`Too many arguments (first extra is '${positionals[0]}').`);
  const folder = text('datadir');
  if (action === 'run' && (folder === undefined || folder === '')) {
    throw new UsageError('no data folder', {
      hint: 'Give it with --datadir=DIR; it is made on the first start.',
    });
  }
  return {
    action,
    folder: folder ?? '',
    flavor: text('flavor') === 'mariadb' ? 'mariadb' : 'mysql',
    port: Number(values.get('port')),
    bindAddress: text('bind-address') ?? '',
    socket: text('socket') ?? '',
    logBin: logName(text('log-bin') ?? ''),
    httpPort: Number(values.get('http-port')),
    skipReplicaStart: values.get('skip-replica-start') === true,
    variables: Object.fromEntries(
      [...given]
        .filter((name) => !notVariables.has(name))
        .map((name) => [name.replaceAll('-', '_'), plain(values.get(name)!)]),
    ),
    logError: text('log-error'),
    auditLog: text('audit-log'),
    logLevel: text('log-level') ?? 'info',
  };
}

type Parsed = Pick<ParsedArguments, 'values' | 'given'>;

/** An option that was given by its older name counts as given by the one that it has now; where both were, that one. */
function underKnownNames({ values, given }: Parsed): Parsed {
  const known = new Map(values);
  for (const name of given) {
    const now = knownName(name);
    if (!given.has(now)) known.set(now, values.get(name)!);
  }
  return { values: known, given: new Set([...given].map(knownName)) };
}

/** @throws UsageError it would be elsewhere, or no name at all */
function logName(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.|^relay-bin|\.\d+$/.test(name)) return name;
  throw new UsageError(`--log-bin=${name} is no name for binary logs`, {
    hint: 'A plain name without a folder and without a number, not relay-bin.',
  });
}

function plain(value: OptionValue): string | number | boolean {
  if (typeof value === 'bigint') return Number(value);
  return value ?? '';
}
