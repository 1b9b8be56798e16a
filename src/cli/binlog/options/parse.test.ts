import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../options/index.ts';
import { type BinlogCommandLine, type BinlogOptions, parseBinlogCommandLine } from './index.ts';

const surroundings: Omit<BinlogCommandLine, 'argv'> = {
  dialect: 'mysql',
  program: 'mysqlbinlog',
  env: {},
  home: undefined,
  workingDirectory: '/',
  systemFolders: [],
  warn: () => undefined,
  checkGtidSet: () => undefined,
};

function parse(line: string, changes: Partial<BinlogCommandLine> = {}): BinlogOptions {
  const request = parseBinlogCommandLine({ ...surroundings, ...changes, argv: line.split(' ') });
  if (request.action !== 'run') throw new Error(request.action);
  return request.options;
}

const refusal = (line: string, changes: Partial<BinlogCommandLine> = {}): readonly string[] => {
  try {
    parse(line, changes);
  } catch (error) {
    if (error instanceof OptionError) return error.lines;
    throw error;
  }
  return [];
};

describe('the options of the binlog command', () => {
  test('nothing given: the whole of the logs, as SQL', () => {
    const { selection, output, checks, remote, logs } = parse('a b');
    expect(logs).toEqual(['a', 'b']);
    expect(selection).toMatchObject({
      startPosition: 4,
      stopPosition: undefined,
      offset: 0,
      serverIds: undefined,
    });
    expect(selection.serverIdMask).toBe(0xffff_ffff);
    expect(output).toMatchObject({
      base64: 'auto',
      verbose: 0,
      rewrites: [],
      json: undefined,
      rowEventMaxSize: 4294967040,
    });
    expect(checks).toEqual({
      verifyChecksum: false,
      requireRowFormat: 'off',
      forceIfOpen: true,
      forceRead: false,
    });
    expect(remote).toBeUndefined();
  });

  // mysqlbinlog 9.7 was asked.
  test('a switch that takes a word says which word it did not know', () => {
    const warnings: string[] = [];
    const name = 'ssl-session-data-continue-on-failed-reuse';
    parse(`--${name}=x log`, { warn: (line) => warnings.push(line) });
    expect(warnings).toEqual([
      `mysqlbinlog: [Warning] option '${name}': boolean value 'x' was not recognized. Set to OFF.`,
    ]);
  });

  test('both dialects come to the same options', () => {
    const line =
      '-vv -j 120 --stop-position=900 -d shop --server-id=7 --rewrite-db=a->b --skip-force-if-open x';
    const { dialect: _mysql, selection: one, ...mysql } = parse(line);
    const { dialect: _mariadb, selection: other, ...mariadb } = parse(line, { dialect: 'mariadb' });
    expect(mariadb).toEqual(mysql);
    expect(other).toEqual(one);
    expect(one).toMatchObject({ startPosition: 120, stopPosition: 900, serverIds: new Set([7]) });
  });

  test('MySQL programs take MariaDB positions and lists', () => {
    const { selection } = parse('--start-position=0-1-5,1-1-7 --server-id=1,2 --ignore-domain-ids=3 x');
    expect(selection.startGtids).toBe('0-1-5,1-1-7');
    expect(selection.startPosition).toBe(4);
    expect(selection.serverIds).toEqual(new Set([1, 2]));
    expect(selection.ignoreDomainIds).toEqual(new Set([3]));
  });

  test('GTIDs stand beside a position that was given before them, and give way to one given after', () => {
    const both = parse('-j 120 -j 0-1-5 x').selection;
    expect(both).toMatchObject({ startPosition: 120, startGtids: '0-1-5', hasGtidPositions: true });
    const number = parse('-j 0-1-5 -j 120 x').selection;
    expect(number).toMatchObject({ startPosition: 120, startGtids: undefined, hasGtidPositions: true });
  });

  test('--server-id=0 is every server', () => {
    expect(parse('--server-id=5 --server-id=0 x').selection.serverIds).toBeUndefined();
  });

  test('reading from a server gathers the connection', () => {
    const { remote } = parse(
      '-R -h db -P 3307 -u repl -psecret --stop-never --ssl-mode=verify_i --skip-ssl x',
    );
    expect(remote).toMatchObject({
      dump: 'COM_BINLOG_DUMP',
      toLastLog: true,
      stopNever: true,
      serverId: 1,
      host: 'db',
      port: 3307,
      password: 'secret',
      askPassword: false,
      tls: { sslMode: 'VERIFY_IDENTITY', ssl: false, verifyServerCert: undefined },
    });
  });

  test('the environment fills in what is missing', () => {
    const env = {
      MYSQL_PWD: 'x',
      MYSQL_TCP_PORT: '3310',
      MYSQL_UNIX_PORT: '/s',
      ROWLOCK_DECRYPT_KEY_FILE: '/k',
      LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: 'yes',
    };
    expect(parse('-R x', { env }).remote?.enableCleartextPlugin).toBe(true);
    expect(parse('-R x').remote?.enableCleartextPlugin).toBe(false);
    expect(parse('-R x', { env }).remote).toMatchObject({ password: 'x', port: 3310, socket: '/s' });
    expect(parse('-R -p x', { env }).remote).toMatchObject({ password: undefined, askPassword: true });
    expect(parse('-R -P 1 x', { env }).remote).toMatchObject({ port: 1 });
    expect(parse('x', { env }).decryptKeyFile).toBe('/k');
  });

  test('our own options', () => {
    expect(parse('--json x').output.json).toBe('events');
    expect(parse('--json=rows x').output.json).toBe('rows');
    expect(parse('--require-row-format x').checks.requireRowFormat).toBe('basic');
    expect(parse('--require-row-format=strict x').checks.requireRowFormat).toBe('strict');
    expect(parse('--compat=exact --flavor=mariadb x')).toMatchObject({
      compat: 'exact',
      flavor: 'mariadb',
    });
    expect(refusal('--json --flashback x')).toEqual([
      'ERROR: You cannot use --json and --flashback together.',
    ]);
    expect(refusal('-R --stop-never --flashback x')).toEqual([
      'ERROR: You cannot use --stop-never and --flashback together.',
    ]);
    // Files have an end, and nothing comes behind it: mariadb-binlog passes over --stop-never there.
    expect(parse('--stop-never --flashback x').output.flashback).toBe(true);
    expect(refusal('-R --raw --json x')).toEqual(['ERROR: You cannot use --json and --raw together.']);
  });

  test('the result file is opened between the checks, and not in raw mode', () => {
    const opened: string[] = [];
    const openResult = (file: string): void => void opened.push(file);
    const checkGtidSet = (): string => 'odd';
    expect(refusal('-r out --include-gtids=x y', { openResult, checkGtidSet })).toEqual([
      "ERROR: Could not configure --include-gtids 'x': odd",
    ]);
    expect(opened).toEqual(['out']);
    parse('-R --raw -r out y', { openResult });
    expect(opened).toEqual(['out']);
  });

  test('MySQL answers --help at once, MariaDB after the rest was found right', () => {
    const asked = (dialect: 'mysql' | 'mariadb'): unknown =>
      parseBinlogCommandLine({ ...surroundings, dialect, argv: ['--help', '--bogus'] });
    expect(asked('mysql')).toEqual({ action: 'help', exitStatus: 0 });
    expect(() => asked('mariadb')).toThrow(OptionError);
  });

  test('--print-defaults hides passwords in every spelling', () => {
    const argv = [
      '--print-defaults',
      '--password=s3',
      '-ps3',
      '--loose-password=s3',
      '--enable-password=s3',
      'x',
    ];
    const request = parseBinlogCommandLine({ ...surroundings, dialect: 'mariadb', argv });
    expect(JSON.stringify(request)).not.toContain('s3');
  });
});
