import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../../src/cli/sql/index.ts';
import { Interrupts } from '../../src/cli/sql/interrupts.ts';
import { connect } from '../../src/connection/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { endOf, spawnProgram } from '../servers/program.ts';

const TABLES = `
CREATE DATABASE shown; USE shown;
CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, u BIGINT UNSIGNED ZEROFILL, d DECIMAL(20,5), f FLOAT, y YEAR, c CHAR(5),
  vc VARCHAR(200), b BINARY(4), vb VARBINARY(20), bl BLOB, e ENUM('a','b'), dt DATETIME(3), tm TIME(2), j JSON, bi BIT(12),
  nn INT NOT NULL DEFAULT 0, nnv VARCHAR(10) NOT NULL DEFAULT '');
INSERT INTO t VALUES (1, 42, -1.5, 1.5, 2024, 'ab', 'hällo 日本語 ｱ ', 'a\\0b', x'00ff10', 'line1\\nline2\\ttab\\\\back\\0nul', 'a',
  '2024-01-02 03:04:05.678', '-12:34:56.78', '{"a": [1, "é"]}', b'101010101010', 5, '<a>&"b"'),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, ''),
  (3, 18446744073709551615, 99999.12345, -0.1, 1901, '', 'é 😀 x', x'01020304', '', '', 2, '0001-01-01', '838:59:59', 'null', 0, -1, 'x');
CREATE TABLE none (a INT, b VARCHAR(10) NOT NULL);
CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 'b', 2/0; END
`;

/** Everything that is shown of values. What --column-type-info says of the connection's collation differs. */
const VALUES = `SELECT * FROM t; SELECT * FROM none; SELECT 1 AS \`日本\`, 2 AS 'a<b>&"c', 3 AS 'tab\tname', 4 AS '';
SELECT REPEAT('x', 1500) a, 1 b UNION SELECT 'y', 2;
`;

/** Statements, their ends, comments and commands. */
const SCRIPT = `/* head ; ' */
delimiter //
SELECT 1; SELECT 2 //
DELIMITER ;
SELECT 1/0; -- behind; it
# alone
CALL two();
INSERT INTO none VALUES (1, 'a'), (2, 'b');
UPDATE none SET b = 'c' WHERE a = 1\\g
SELECT b
  FROM none /* ; */
  WHERE a = 1 \\G
wrong;
use nowhere
use shown
/*!40101 SET @x = 'a;b' */; SELECT @x;
SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT 'a\\'; SET sql_mode = DEFAULT; SELECT 'a\\'';';
warnings
SELECT 1/0;
nowarning
SELECT 'no end'`;

const layouts = [
  '-t',
  '-B',
  '-E',
  '-N',
  '-r',
  '-s',
  '-t -s',
  '-E -N',
  '-X',
  '-H',
  '-H -N',
  '-v',
  '-vv -E',
  '-v -X',
];
const hex = ['-t', '-B', '-E', '-X', '-H'].map((layout) => `${layout} --binary-as-hex`);
const scripts = ['', '-f', '-f -vv', '-f -v --show-warnings', '-f -t', '-f -X', '-vv', '-f -B -s'];

const missing = missingServers('mysql97');

describe.skipIf(missing !== undefined)(
  `rowlock sql beside mysql${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    let server: RunningServer;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-sql-'));
      server = await startServer('mysql97', 'sql-client');
      const made = await real(
        [],
        TABLES.replaceAll('; ', ';\n').replace(/^CREATE PROC/m, 'delimiter //\nCREATE PROC'),
        '',
      );
      expect(made.stderr).toBe('');
    }, 120_000);
    afterAll(async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const words = (): string[] => ['--no-defaults', '-uroot', '-S', server.socket];

    /** mysql takes its own commands only when it is asked to since 9.7. */
    async function real(options: readonly string[], text: string, schema = 'shown') {
      const args = [...words(), '--commands', ...options, ...(schema === '' ? [] : [schema])];
      const child = spawnProgram('mysql97', 'mysql', args, { env: { LC_ALL: 'C.UTF-8' } });
      const { exit, stdout, stderr } = await endOf(child, text);
      return { exit, stdout: stdout.toString('latin1'), stderr: stderr.toString() };
    }

    async function ours(options: readonly string[], text: string) {
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      const sink = (into: Buffer[]) => ({
        isTerminal: false,
        write: (bytes: Uint8Array) => void into.push(Buffer.from(bytes)),
      });
      const exit = await runSql({
        argv: [...words(), ...options, '-e', text, 'shown'],
        program: 'rowlock',
        cwd: folder,
        env: {},
        stdin: () => {
          throw new Error('nobody reads it');
        },
        stdout: sink(out),
        stderr: sink(err),
      });
      return { exit, stdout: Buffer.concat(out).toString('latin1'), stderr: Buffer.concat(err).toString() };
    }

    it.each([...layouts, ...hex])('values with %s', async (options) => {
      const { exit, stdout } = await real(options.split(' '), VALUES);
      const mine = await ours(options.split(' '), VALUES);
      expect(mine.stdout).toBe(stdout);
      expect([mine.exit, mine.stderr]).toEqual([exit, '']);
    });

    it.each(scripts)('a script with %s', async (options) => {
      const given = options === '' ? [] : options.split(' ');
      await real([], 'TRUNCATE none');
      const { exit, stdout, stderr } = await real(given, SCRIPT);
      await real([], 'TRUNCATE none');
      const mine = await ours(given, SCRIPT);
      expect(mine.stdout).toBe(stdout);
      expect([mine.exit, mine.stderr]).toEqual([exit, stderr]);
    });

    it('--column-type-info and -vvv', async () => {
      for (const options of [['--column-type-info', '-t'], ['-vvv']]) {
        const same = (text: string): string => text.replaceAll(/\(0\.\d+ sec\)|utf8mb4_\w+ \(\d+\)/g, '…');
        const { stdout } = await real(options, VALUES);
        expect(same((await ours(options, VALUES)).stdout)).toBe(same(stdout));
      }
    });

    it('errors of files that are sourced name them, and a file that sources itself is no endless loop', async () => {
      const inner = join(folder, 'inner.sql');
      writeFileSync(inner, 'SELECT 1;\r\nSELECT 2; wrong;\nSELECT 3;\n');
      for (const options of [['-f'], []]) {
        const { exit, stdout, stderr } = await real(options, `source ${inner}\nSELECT 4;`);
        const mine = await ours(options, `source ${inner}\nSELECT 4;`);
        expect(mine).toEqual({ exit, stdout, stderr });
      }
      const self = join(folder, 'self.sql');
      symlinkSync(self, join(folder, 'link.sql'));
      writeFileSync(self, `SELECT 1;\nsource ${join(folder, 'link.sql')}\nSELECT 2;`);
      const { exit, stdout, stderr } = await ours([], `source ${self}\nSELECT 3;`);
      expect([exit, stdout]).toEqual([1, '1\n1\n']);
      expect(stderr).toContain(
        `ERROR at line 2 in file: '${self}': '${join(folder, 'link.sql')}' is being read already`,
      );
    });

    it('says what to do about an error behind the word hint', async () => {
      const { exit, stderr } = await ours(
        ['--protocol=TCP', '-h127.0.0.1', `-P${server.port}`, '--ssl-mode=VERIFY_CA', '--ssl-ca=none.pem'],
        'SELECT 1',
      );
      expect(exit).toBe(1);
      expect(stderr).toMatch(/^ERROR .*\n(hint: .+\n)+$/);
    });

    it('tee keeps what is shown, and sees errors', async () => {
      const file = join(folder, 'tee.txt');
      const text = `tee ${file}\nSELECT 'é';\nwrong;\nnotee\nSELECT 2;`;
      const { stdout } = await ours(['-f'], text);
      expect(stdout).toContain('Outfile disabled.\n2\n2\n');
      expect(readFileSync(file, 'utf8')).toMatch(/^Logging to file '.*'\né\né\nERROR 1064 .*\n$/);
    });

    it('an interrupt ends the statement and not the session', async () => {
      const login = () => connect({ socketPath: server.socket, host: 'localhost', user: 'root' });
      const connection = await login();
      const said: string[] = [];
      let logins = 0;
      const interrupts = new Interrupts(
        connection,
        () => {
          logins += 1;
          return login();
        },
        (line) => said.push(line),
      );
      interrupts.listen(() => false);
      process.emit('SIGINT');
      interrupts.end();
      expect(logins).toBe(0);
      const sleeping = connection.query('SELECT SLEEP(600)');
      await interrupts.killQuery();
      // A statement that had not begun is not hurt, and is asked to end again.
      while (!(await Promise.race([sleeping.then(() => true), interrupts.killQuery().then(() => false)])));
      expect((await sleeping).rows[0]?.[0]?.toString()).toBe('1');
      expect(said[0]).toBe('^C -- query aborted\n');
      expect(await connection.value('SELECT 5')).toBe('5');
      await connection.close();
    });
  },
);
