import type { Flavor } from '../../binlog/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import type { LocalTime, PrintOptions } from '../../text/index.ts';
import type { BinlogOptions, RewriteRule } from './options/index.ts';

/** Names on the command line are UTF-8; text is built from bytes, carried as latin1. */
function asBytes(name: string): string;
function asBytes(name: string | undefined): string | undefined;
function asBytes(name: string | undefined): string | undefined {
  return name === undefined ? undefined : Buffer.from(name, 'utf8').toString('latin1');
}

/** The names of `--rewrite-db` as logs have them. */
export function rewritesAsBytes(rules: readonly RewriteRule[]): PrintOptions['rewriteDb'] {
  return rules.map(({ from, to }) => ({ from: asBytes(from), to: asBytes(to) }));
}

const rowFormats = { off: 'off', basic: 'on', strict: 'strict' } as const;

/** What a printer needs of what the user asked for. */
export function printOptions(options: BinlogOptions, flavor: Flavor, localTime: LocalTime): PrintOptions {
  const { selection, output, checks } = options;
  const gtidSet = (text: string | undefined): MysqlGtidSet | undefined =>
    text === undefined ? undefined : MysqlGtidSet.parse(text);
  return {
    compat: options.compat,
    flavor,
    localTime,
    decrypted: options.decryptKeyFile !== undefined,
    base64Output: output.base64,
    verbose: output.verbose,
    hexdump: output.hexdump,
    shortForm: output.shortForm,
    disableLogBin: output.disableLogBin,
    setCharset: output.setCharset,
    idempotent: output.idempotent,
    requireRowFormat: rowFormats[checks.requireRowFormat],
    printTableMetadata: output.printTableMetadata,
    skipGtids: output.skipGtids,
    includeGtids: gtidSet(selection.includeGtids),
    excludeGtids: gtidSet(selection.excludeGtids),
    database: asBytes(selection.database),
    table: asBytes(selection.table),
    rewriteDb: rewritesAsBytes(output.rewrites),
    serverId: options.dialect === 'mysql' ? ([...(selection.serverIds ?? [])][0] ?? 0) : 0,
    serverIdBits: Math.round(Math.log2(selection.serverIdMask + 1)),
    offset: selection.offset,
    startPosition: selection.startPosition,
    stopPosition: selection.stopPosition ?? Number.POSITIVE_INFINITY,
    startDatetime: selection.startTimestamp ?? 0,
    stopDatetime: selection.stopTimestamp ?? Number.POSITIVE_INFINITY,
    stopDatetimeText: selection.stopDatetimeText,
    forceIfOpen: checks.forceIfOpen,
    forceRead: checks.forceRead,
    verifyChecksum: checks.verifyChecksum,
    binlogRowEventMaxSize: output.rowEventMaxSize,
    printRowCount: output.printRowCount,
    printRowEventPositions: output.printRowEventPositions,
    skipAnnotateRowEvents: output.skipAnnotateRowEvents,
    flashback: output.flashback,
    gtidStrictMode: selection.gtidStrictMode,
    startGtids: selection.startGtids,
    stopGtids: selection.stopGtids,
    hasGtidPositions: selection.hasGtidPositions,
    doDomainIds: [...(selection.domainIds ?? [])],
    ignoreDomainIds: [...(selection.ignoreDomainIds ?? [])],
    doServerIds: [...(selection.serverIds ?? [])],
    ignoreServerIds: [...(selection.ignoreServerIds ?? [])],
  };
}
