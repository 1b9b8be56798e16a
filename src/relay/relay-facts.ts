import { randomUUID } from 'node:crypto';
import { arch, hostname, platform } from 'node:os';
import { join } from 'node:path';
import { defaultCollation, type Flavor } from '../charset/index.ts';
import { UsageError } from '../errors/index.ts';
import { certificateFiles } from './first-start.ts';
import type { State } from './state/state.ts';
import type { VariableValue } from './variables/definition.ts';

/** What each flavour says it is: the newest server whose replicas and tools it has been tried with. */
export const VERSIONS: Readonly<Record<Flavor, string>> = {
  mysql: '9.7.0-rowlock',
  mariadb: '11.8.6-MariaDB-rowlock',
};

/** What of a relay's options its facts are made of. */
export interface FactsOptions {
  readonly flavor: Flavor;
  /** Of the program. */
  readonly programVersion: string;
  /** System variables by name, from command line and option files. */
  readonly variables: Readonly<Record<string, VariableValue | undefined>>;
  readonly bindAddress: string;
  /** Binary logs are NAME.000001 … in the data folder. Default: binlog. */
  readonly logBin?: string;
}

/** Variables that say what and where this relay is, beside those of the command line. */
export function relayFacts(
  { variables, programVersion, flavor, bindAddress, logBin = 'binlog' }: FactsOptions,
  folder: string,
  socket: string,
  state: State,
): Record<string, VariableValue | undefined> {
  const known = state.facts.all();
  const uuid = known.get('server_uuid') ?? randomUUID();
  if (!known.has('server_uuid')) state.facts.set('server_uuid', uuid);
  const defaults = certificatesGiven(variables) ? {} : certificateFiles;
  const collation = defaultCollation('utf8mb4', flavor);
  return {
    ...defaults,
    collation_connection: collation,
    collation_database: collation,
    collation_server: collation,
    group_concat_max_len: flavor === 'mariadb' ? 1_048_576 : undefined,
    ...variables,
    version: VERSIONS[flavor],
    version_comment: `Rowlock relay ${programVersion}`,
    version_compile_machine: arch() === 'x64' ? 'x86_64' : arch(),
    version_compile_os: platform() === 'linux' ? 'Linux' : platform(),
    server_uuid: uuid,
    server_id: variables['server_id'] || serverIdOf(uuid),
    hostname: hostname(),
    datadir: `${folder}/`,
    bind_address: bindAddress,
    socket,
    log_bin_basename: join(folder, logBin),
    log_bin_index: join(folder, `${logBin}.index`),
    relay_log_basename: join(folder, 'relay-bin'),
    relay_log_index: join(folder, 'relay-bin.index'),
    tmpdir: folder,
  };
}

/** What a relay began with it is for good: logs of both families are never mixed. @throws UsageError */
export function demandFlavor(state: State, flavor: Flavor, folder: string): void {
  const known = state.facts.all().get('flavor');
  if (known === undefined) state.facts.set('flavor', flavor);
  else if (known !== flavor) {
    throw new UsageError(`the data folder is that of a relay with --flavor=${known}`, {
      context: { file: folder },
      hint: `Start it with --flavor=${known}, or give --flavor=${flavor} a folder of its own.`,
    });
  }
}

/** An id for who was given none: unlike that of any other relay, and the same at every start. */
const serverIdOf = (uuid: string): number => Number.parseInt(uuid.slice(0, 8), 16) >>> 1 || 1;

const certificatesGiven = (variables: FactsOptions['variables']): boolean =>
  variables['ssl_cert'] !== undefined || variables['ssl_key'] !== undefined;
