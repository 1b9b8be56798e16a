import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKSUM_BYTES, EventType, HEADER_BYTES } from '../src/binlog/index.ts';
import { crc32 } from '../src/bytes/index.ts';
import { runBinlog } from '../src/cli/binlog/index.ts';
import type { ByteSink } from '../src/cli/command-io.ts';
import { type Invocation, runInProcess, runReal, type ToolName } from './golden/invocation.ts';
import { missingServers, spawnProgram } from './servers/index.ts';

const cuts = mkdtempSync(join(tmpdir(), 'rowlock-cut-'));
afterAll(() => rmSync(cuts, { recursive: true }));

const CORPUS = join(import.meta.dirname, 'corpus');
const log = (name: string): string => join(CORPUS, `${name}.binlog`);
const concatenated = (...names: string[]): Buffer =>
  Buffer.concat(names.map((name) => readFileSync(log(name))));

/** A log whose first generated id is above 2^63, as a BIGINT UNSIGNED column has it. */
function withLargeId(name: string): Buffer {
  const bytes = readFileSync(log(name));
  let at = 4;
  while (bytes[at + 4] !== EventType.INTVAR_EVENT) at += bytes.readUInt32LE(at + 9);
  bytes.writeBigInt64LE(-5n, at + HEADER_BYTES + 1);
  const sumAt = at + bytes.readUInt32LE(at + 9) - CHECKSUM_BYTES;
  bytes.writeUInt32LE(crc32(bytes, at, sumAt), sumAt);
  return bytes;
}

/** A relay log's beginning: a description of its own and that of its source, before `rest`. */
function withTwoDescriptions(name: string): { readonly bytes: Buffer; readonly rest: number } {
  const bytes = readFileSync(log(name));
  const end = 4 + bytes.readUInt32LE(4 + 9);
  return { bytes: Buffer.concat([bytes.subarray(0, end), bytes.subarray(4)]), rest: 2 * end - 4 };
}

/** A log whose format description was changed, with its checksum. */
function redescribed(name: string, change: (description: Buffer) => void): Buffer {
  const bytes = readFileSync(log(name));
  const end = 4 + bytes.readUInt32LE(4 + 9);
  change(bytes.subarray(4, end));
  bytes.writeUInt32LE(crc32(bytes, 4, end - CHECKSUM_BYTES), end - CHECKSUM_BYTES);
  return bytes;
}

const VERSION_AT = HEADER_BYTES + 2;
const VERSION_BYTES = 50;

/** As another server would have described it. */
const ofVersion = (name: string, version: string): Buffer =>
  redescribed(name, (description) =>
    description.fill(0, VERSION_AT, VERSION_AT + VERSION_BYTES).write(version, VERSION_AT),
  );

/** A log whose first table map has another byte at this place. */
function withTableMapByte(name: string, place: number, value: number): Buffer {
  const bytes = readFileSync(log(name));
  let at = 4;
  while (bytes[at + 4] !== EventType.TABLE_MAP_EVENT) at += bytes.readUInt32LE(at + 9);
  bytes[at + place] = value;
  return bytes;
}

/** A log whose first statement that has them names other collations for its character sets. */
function withCollation(name: string, index: number, collation: number): Buffer {
  const bytes = readFileSync(log(name));
  // The code, a count of 5, and utf8mb3 for the first: utf8mb3_uca1400_ai_ci.
  const list = bytes.indexOf(Buffer.from('830521000008', 'hex'));
  bytes.writeUInt16LE(collation, list + 4 + 4 * index);
  return bytes;
}

/** Of the table `tx`.`i`. */
const COLUMN_COUNT_AT = HEADER_BYTES + 15;

/** What a MariaDB replica of MySQL 5.6 keeps: its own description, then all that its source sent. */
function relayOfMysql(name: string): Buffer {
  const { bytes, rest } = withTwoDescriptions('mariadb118/transactions');
  return Buffer.concat([bytes.subarray(0, 4 + (rest - 4) / 2), readFileSync(log(name)).subarray(4)]);
}

/** A description that a server made up, and that says of no place where it ends, in the middle. */
const withMadeUpDescription = Buffer.concat([
  readFileSync(log('mysql97/gtid')),
  redescribed('mysql97/gtid', (description) => description.writeUInt32LE(0, 13)),
]);

/** Starts behind both descriptions: MySQL's tool prints the last, MariaDB's both. */
function behindTwoDescriptions(tool: ToolName, name: string): [ToolName, string[], Buffer] {
  const { bytes, rest } = withTwoDescriptions(name);
  return [tool, [`--start-position=${rest}`, '-'], bytes];
}

/** A file that ends so many bytes behind its format description. */
function cutLog(name: string, bytes: number): string {
  const whole = readFileSync(log(name));
  const path = join(cuts, `${basename(name)}-${bytes}`);
  writeFileSync(path, whole.subarray(0, 4 + whole.readUInt32LE(4 + 9) + bytes));
  return path;
}

/** Command lines with what is on their standard input, and more environment. */
const cases: readonly (readonly [
  tool: ToolName,
  argv: readonly string[],
  stdin?: Buffer | undefined,
  env?: Readonly<Record<string, string>>,
])[] = [
  ['mysqlbinlog', ['-v', '-'], concatenated('mysql97/gtid', 'mysql97/collations', 'mysql97/ddl')],
  ['mysqlbinlog', ['-'], concatenated('mysql97/in-use', 'mysql97/in-use-cut')],
  // The log ends before the position: behind its format description.
  ['mysqlbinlog', ['--start-position=500', '-'], readFileSync(log('mysql97/gtid')).subarray(0, 127)],
  behindTwoDescriptions('mysqlbinlog', 'mysql97/gtid'),
  behindTwoDescriptions('mariadb-binlog', 'mariadb118/gtid.1'),
  ['mysqlbinlog', ['-'], withMadeUpDescription],
  // Which session options a source writes depends on its version.
  ...['10.4.99', '10.5.16', '10.5.17', '10.6.8', '10.7.5', '10.8.3', '10.9.2', '10.10.0'].map(
    (version) =>
      ['mariadb-binlog', ['-'], ofVersion('mariadb118/transactions', `${version}-MariaDB`)] as const,
  ),
  // Rows are counted by the columns that the table is said to have.
  ['mariadb-binlog', ['-'], withTableMapByte('mariadb118/transactions', COLUMN_COUNT_AT, 1)],
  // Among what is encrypted is what looks like a rotate that may be ignored.
  ['mariadb-binlog', ['--server-id=1', log('mariadb1011/encrypted')]],
  // Collations that nobody knows are left out.
  ['mariadb-binlog', ['-'], withCollation('mariadb118/row-metadata-full', 0, 0xfff0)],
  ['mariadb-binlog', ['-'], withCollation('mariadb118/row-metadata-full', 4, 0xfff0)],
  ['mariadb-binlog', ['-v', '-'], relayOfMysql('mysql56/statement')],
  ['mariadb-binlog', ['-v', '-'], relayOfMysql('mysql56/types-time')],
  ['mysqlbinlog', ['-'], withLargeId('mysql97/statement')],
  ['mariadb-binlog', ['-'], withLargeId('mariadb118/statement')],
  // Behind the event that a file's blocks begin with.
  ['mysqlbinlog', ['--start-position=21530', '--stop-position=60000', log('mysql97/load-data')]],
  ['mysqlbinlog', ['--local-load=/nonexistent', log('mysql97/load-data')]],
  ['mariadb-binlog', ['--local-load=/nonexistent', log('mariadb118/load-data')]],
  ['mysqlbinlog', ['']],
  ['mysqlbinlog', ['--result-file=', log('mysql97/gtid')]],
  ['mysqlbinlog', ['a-folder']],
  ['mariadb-binlog', ['']],
  ['mariadb-binlog', ['--result-file=', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--result-file=a-folder', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['a-folder']],
  // Of a position's digits 64 bits count.
  ['mariadb-binlog', ['--start-position=18446744073709551616', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--stop-position=18446744073709552116', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--stop-position=+900', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--start-position=0- 1-+5,\n1-\t1-5', log('mariadb118/gtid.1')]],
  // Of a domain's or server's number 32 bits count, and more than 64 are none.
  ['mariadb-binlog', ['--do-domain-ids=4294967297', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--ignore-domain-ids= +18446744069414584321', log('mariadb118/gtid.1')]],
  ['mariadb-binlog', ['--do-server-ids=18446744073709551616', log('mariadb118/gtid.1')]],
  ['mysqlbinlog', ['--start-position=3451', log('mysql97/damaged-no-fde')]],
  // The head of an event that the search need not read is cut: behind the end all the same, where the file has one.
  ['mariadb-binlog', ['--start-position=3451', cutLog('mariadb118/gtid.1', 13)]],
  ['mariadb-binlog', ['--start-position=3451', cutLog('mariadb118/gtid.1', 12)]],
  ['mariadb-binlog', ['--start-position=3451', '-'], readFileSync(cutLog('mariadb118/gtid.1', 13))],
  ['mysqlbinlog', ['--set-charset=ä', log('mysql97/gtid')]],
  ['mariadb-binlog', ['--set-charset=ä', log('mariadb118/gtid.1')]],
  // Nobody is there to agree on an algorithm with; long names are cut.
  ['mysqlbinlog', ['-R', '--socket=/nonexistent', '--compression-algorithms=foo', 'x']],
  ['mysqlbinlog', ['-R', `--socket=/${'s'.repeat(120)}`, 'x']],
  ['mysqlbinlog', ['-R', `--host=${'h'.repeat(120)}`, 'x']],
  ['mariadb-binlog', ['-R', `--host=${'h'.repeat(120)}`, '--protocol=socket', 'x']],
  // The result file is made before GTID sets are read.
  ['mysqlbinlog', ['--result-file=a-folder', '--include-gtids=x', log('mysql97/gtid')]],
  ['mysqlbinlog', ['--result-file=/dev/null', '--include-gtids=x', log('mysql97/gtid')]],
  ['mysqlbinlog', [log('mysql97/gtid')], undefined, { TMPDIR: '/tmp:/none/../nonexistent//' }],
  ['mysqlbinlog', ['--local-load=.', log('mysql97/gtid')], undefined, { TMPDIR: '/nonexistent' }],
  ['mariadb-binlog', [log('mariadb118/gtid.1')], undefined, { TMPDIR: '/nonexistent' }],
];

test('a position no file has is behind the end of the log', async () => {
  const argv = ['--start-position=18446744073709551615', log('mysql97/gtid')];
  const { exit, stdout } = await runInProcess({ tool: 'mysqlbinlog', argv, cwd: tmpdir(), timeZone: 'UTC' });
  expect(exit).toBe(0);
  expect(stdout.toString()).toMatch(/^# End of log file$/m);
  expect(stdout.toString()).not.toContain('GTID [commit=yes]');
});

test.each([
  ['log.gz', Buffer.from('1f8b0808', 'hex'), 'packed by gzip'],
  ['log.zst', Buffer.from('28b52ffd', 'hex'), 'packed by zstd'],
  ['log.index', Buffer.from('./log.000001\n'), 'an index'],
])('%s: behind the words of the original stands what it is', async (name, bytes, what) => {
  writeFileSync(join(cuts, name), bytes);
  const run = { tool: 'mysqlbinlog', argv: [name], cwd: cuts, timeZone: 'UTC' } as const;
  const { exit, stderr } = await runInProcess(run);
  expect(exit).toBe(1);
  const lines = stderr.toString().split('\n');
  expect(lines[0]).toMatch(/^ERROR: Binlog has bad magic number;/);
  expect(lines[1]).toMatch(new RegExp(`^hint: ${name}: It .*${what}`));
});

/** What a run of ours leaves where standard output and standard error are one. */
async function mingled(tool: ToolName, argv: readonly string[]): Promise<string> {
  const written: Buffer[] = [];
  const sink: ByteSink = { isTerminal: false, write: (bytes) => void written.push(Buffer.from(bytes)) };
  const env = { TZ: 'UTC' };
  const stdin = (): never => {
    throw new Error('not read');
  };
  await runBinlog({ argv, program: tool, cwd: CORPUS, env, stdin, stdout: sink, stderr: sink });
  return Buffer.concat(written).toString('latin1');
}

test.skipIf(missingServers('mariadb118'))('errors stand behind the text they are about', async () => {
  const argv = ['--no-defaults', '--start-position=0-1-4,5-5-5', log('mariadb118/gtid.1'), log('absent')];
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-odd-'));
  const out = openSync(join(folder, 'out'), 'w');
  const child = spawnProgram('mariadb118', 'mariadb-binlog', argv, {
    cwd: CORPUS,
    env: { TZ: 'UTC' },
    stdio: ['ignore', out, out],
  });
  await once(child, 'close');
  const theirs = readFileSync(join(folder, 'out')).toString('latin1');
  closeSync(out);
  rmSync(folder, { recursive: true });
  expect(await mingled('mariadb-binlog', argv)).toBe(theirs);
});

describe.skipIf(missingServers('mysql97', 'mariadb118'))('as the original,', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'rowlock-odd-'));
    mkdirSync(join(cwd, 'a-folder'));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  for (const [index, [tool, argv, stdin, env = {}]] of cases.entries()) {
    const words = argv.map((word) => `'${word.replace(CORPUS, '')}'`).join(' ');
    test(`${index}: ${tool} ${words}${stdin === undefined ? '' : ' < several logs'}`, async () => {
      const invocation: Invocation = {
        tool,
        argv,
        cwd,
        timeZone: 'UTC',
        env,
        ...(stdin !== undefined && { stdin }),
      };
      const [ours, theirs] = [await runInProcess(invocation), await runReal(invocation)];
      const ownName = /^(\p{Cc}?)\S*\/(?=mariadb-binlog:)/gmu;
      expect(ours.stderr.toString()).toBe(theirs.stderr.toString().replace(ownName, '$1'));
      expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'));
      expect(ours.exit).toBe(theirs.exit);
    });
  }
});
