// Two relays on loopback: the first serves the recorded log as a source, the second receives it over verified TLS, rows only.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a relay may take to start, or to reach what is waited for, on a slow machine. */
const PATIENCE_MS = 60_000;
const READY = /ready for connections\. port: (\d+)/;

/** Answers of `rowlock sql` come with tabs between columns. */
function table(answer) {
  const rows = answer
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Shows the relays and ends them. @param {{ program: string, log: string, title(text: string): void, text(text: string): void, command(text: string): void, output(text: string): void }} scene */
export async function showRelays(scene) {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-'));
  const running = [];
  const paths = (text) => text.replaceAll(`${folder}/`, '');

  /** Starts a relay; gives its port. */
  async function relay(name, ...options) {
    const args = ['relay', `--datadir=${name}`, '--port=0', ...options];
    scene.command(`rowlock ${args.join(' ')}`);
    const child = spawn(process.execPath, [scene.program, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let said = '';
    const ready = new Promise((resolve, reject) => {
      const hear = (chunk) => {
        said += chunk;
        const found = READY.exec(said);
        if (found !== null) resolve(Number(found[1]));
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.on('exit', (status) => reject(new Error(`the relay ended with ${status}: ${said}`)));
      setTimeout(() => reject(new Error(`the relay did not start: ${said}`)), PATIENCE_MS).unref();
    });
    const port = await ready;
    const line = said.split('\n').find((each) => READY.test(each)) ?? '';
    scene.output(paths(line));
    return port;
  }

  function rowlock(args, input) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [scene.program, ...args], {
      cwd: folder,
      encoding: 'utf8',
      input,
    });
    if (status !== 0) throw new Error(`rowlock ${args[0]} ended with ${status}: ${stderr}`);
    return stdout;
  }

  /** Runs statements at a relay; gives what they answered. */
  function sql(name, statements) {
    scene.command(`rowlock sql --defaults-file=${name}/root.cnf <<'SQL'\n${statements}\nSQL`);
    return rowlock(['sql', `--defaults-file=${name}/root.cnf`], statements);
  }

  /** SHOW REPLICA STATUS as an object. */
  const status = (name) =>
    Object.fromEntries(
      rowlock(['sql', `--defaults-file=${name}/root.cnf`, '-e', 'SHOW REPLICA STATUS\\G'])
        .split('\n')
        .map((line) => /^ *(\w+): (.*)$/.exec(line))
        .filter((found) => found !== null)
        .map(([, column, value]) => [column, value]),
    );

  async function statusWhen(name, holds) {
    for (const end = Date.now() + PATIENCE_MS; ; await pause(50)) {
      const now = status(name);
      if (holds(now)) return now;
      if (Date.now() > end) throw new Error(`${name} did not get there: ${JSON.stringify(now)}`);
    }
  }

  function showStatus(name, found, columns) {
    scene.command(`rowlock sql --defaults-file=${name}/root.cnf -e 'SHOW REPLICA STATUS\\G' | grep …`);
    const width = Math.max(...columns.map(({ length }) => length));
    scene.output(columns.map((column) => `${column.padStart(width)}: ${paths(found[column])}`).join('\n'));
  }

  try {
    scene.title('6. A source outside, and a relay that lets only rows in');
    scene.text(`\`vendor\` is a server outside the trust boundary. Here it is a relay too: it finds the recorded log in its folder and
serves it. On its first start it made a certificate, an authority, and an account in root.cnf.`);
    mkdirSync(join(folder, 'vendor'), { mode: 0o700 });
    copyFileSync(scene.log, join(folder, 'vendor/mysql-bin.000001'));
    writeFileSync(join(folder, 'vendor/mysql-bin.index'), './mysql-bin.000001\n');
    const port = await relay('vendor', '--log-bin=mysql-bin');
    sql(
      'vendor',
      `CREATE USER replica@'127.0.0.1' IDENTIFIED BY 'a secret' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replica@'127.0.0.1';`,
    );

    scene.text(`
\`ours\` receives it: the certificate is verified against its name, anything but rows is refused, and what passes is applied to
SQLite, a file a schema.`);
    await relay('ours');
    sql(
      'ours',
      `SET PERSIST rowlock_target = 'sqlite';
CHANGE REPLICATION SOURCE TO
  SOURCE_HOST = '127.0.0.1', SOURCE_PORT = ${port}, SOURCE_USER = 'replica', SOURCE_PASSWORD = 'a secret',
  SOURCE_SSL = 1, SOURCE_SSL_CA = '../vendor/certificates/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 1,
  SOURCE_AUTO_POSITION = 1, REQUIRE_ROW_FORMAT = 1;
START REPLICA;`,
    );
    const stopped = await statusWhen('ours', ({ Last_IO_Errno: errno }) => errno !== '0');

    scene.title('7. A violation caught');
    scene.text(`The recorded log ends in a temporary table and a statement-format UPDATE. The receiver stopped in front of the first;
nothing of it is on the disk of \`ours\`. The eight transactions before are.`);
    showStatus('ours', stopped, [
      'Replica_IO_Running',
      'Source_SSL_Verify_Server_Cert',
      'Retrieved_Gtid_Set',
      'Last_IO_Errno',
      'Last_IO_Error',
    ]);
    const [uuid] = stopped.Retrieved_Gtid_Set.split(':');
    scene.text(`
Whoever decides that the rest is not wanted passes over it, by name, as on any MySQL replica:`);
    sql(
      'ours',
      `${[9, 10, 11].map((number) => `SET GTID_NEXT = '${uuid}:${number}'; BEGIN; COMMIT;`).join('\n')}
SET GTID_NEXT = 'AUTOMATIC';
START REPLICA;`,
    );
    const running = await statusWhen(
      'ours',
      ({ Replica_IO_Running: io, Executed_Gtid_Set: executed }) =>
        io === 'Yes' && executed === `${uuid}:1-11`,
    );
    showStatus('ours', running, ['Replica_IO_Running', 'Replica_SQL_Running', 'Executed_Gtid_Set']);

    scene.title('8. Read back');
    scene.text('What `ours` serves on, to replicas, to mysqlbinlog, or here as JSON lines:');
    const read = ['-R', '--json=rows', 'binlog.000001'];
    scene.command(`rowlock binlog --defaults-file=ours/root.cnf ${read.join(' ')}`);
    const lines = rowlock(['binlog', '--defaults-file=ours/root.cnf', ...read])
      .trimEnd()
      .split('\n');
    scene.output(`${lines.slice(0, 2).join('\n')}\n… ${lines.length - 2} more`);

    scene.title('9. The replicated tables');
    scene.text(
      'They can be queried through the relay, by any MySQL client, and as files by any tool that reads SQLite:',
    );
    const query = 'SELECT id, customer, amount, status, placed FROM shop.purchase ORDER BY id';
    scene.output(table(sql('ours', `${query};`)));
  } finally {
    for (const child of running) {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill()) await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
