import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasOpenssl } from '../connection/authority.ts';
import { missingServers, SERVERS } from '../servers/index.ts';
import { commandLine } from './matrix/command-line.ts';
import {
  type Combination,
  DIMENSIONS,
  describeCombination,
  pairwise,
  wholeMatrix,
} from './matrix/dimensions.ts';
import { Stage } from './matrix/stage.ts';
import { comparable, type Outcome, runOurs, runTheirs } from './side-by-side.ts';

/**
 * The original and ours beside each other, over everything that decides whether a log may be read. Usually every pair of settings meets
 * at least once; ROWLOCK_TLS_MATRIX=whole runs the blocks of settings that act on each other in full.
 */
const WHOLE = process.env['ROWLOCK_TLS_MATRIX'] === 'whole';
/** Where the words of two runs may differ for a reason that compatibility.md gives. */
function alike(outcome: Outcome, { client, require, source, trust, version }: Combination): Outcome {
  let { stderr } = outcome;
  if (client === 'stranger' || client === 'expired') {
    // TLS 1.3 tells of a refused client certificate when the client is already talking: what it was doing then is chance.
    stderr = stderr.replace(REFUSED_LATE, 'client certificate refused');
    // In TLS 1.2, where neither end accepts the other's certificate, either may be the first to say so.
    if (version === 'TLSv1.2') stderr = stderr.replace(REFUSED_AT_ONCE, 'client certificate refused');
  }
  // MariaDB's tool looks for the password before it reads it from the environment.
  if (source === 'environment') {
    stderr = stderr.replace(
      /WARNING: option --ssl-verify-server-cert is disabled, because of an insecure passwordless login.\n/,
      '',
    );
  }
  // MariaDB blames the cipher list for files that it cannot read.
  if (require === 'CIPHER12' && (trust === 'missing' || client === 'missing')) {
    stderr = stderr.replace(
      /no cipher match|No such file or directory \(2\)|key values mismatch/,
      'unreadable',
    );
  }
  return { ...outcome, stderr };
}

const REFUSED_LATE =
  /Lost connection to (MySQL )?server (at '[a-z ]+', system error: \d+|during query)|TLS\/SSL error: (tlsv1|ssl\/tls) alert .*/;
const REFUSED_AT_ONCE = /SSL connection error: error:.*|TLS\/SSL error: .*/;

/** mariadb-binlog 11.8.6 asks no authority where it is told not to verify, 11.8.9 all that it is given. */
function isOtherwiseIn(version: string, { mode, trust }: Combination): boolean {
  return /^11\.8\.[0-8]-/.test(version) && mode === '--skip-ssl-verify-server-cert' && trust !== 'none';
}

const SEED = Number(process.env['ROWLOCK_TLS_MATRIX_SEED'] ?? 1);

describe.each(['mysql', 'mariadb'] as const)('TLS and accounts, %s', (dialect) => {
  const name = dialect === 'mysql' ? 'mysql97' : 'mariadb118';
  const missing = missingServers(name) ?? (hasOpenssl() ? undefined : 'no openssl program');
  const dimensions = DIMENSIONS[dialect];
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-matrix-'));
  let stage: Stage | undefined;

  beforeAll(async () => {
    if (missing === undefined) stage = await Stage.start(dialect, folder, dimensions.plugin);
  }, 120_000);

  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(missing)(
    'every combination ends as it does with the original, and in its words',
    { timeout: 3_600_000 },
    async () => {
      const { server: owner, tool } = SERVERS[name].binlogTool;
      const combinations = WHOLE ? wholeMatrix(dimensions) : pairwise(dimensions, SEED);
      const version = (await stage!.secured.query('SELECT VERSION()')).split('\n')[1]!;
      combinations.sort((a, b) => (a.server < b.server ? -1 : a.server > b.server ? 1 : 0));
      const differing: string[] = [];
      let succeeded = 0;
      for (const one of combinations) {
        if (isOtherwiseIn(version, one)) continue;
        const server = await stage!.showing(one.server);
        const run = { ...commandLine(one, stage!, server), cwd: folder };
        const real = comparable(await runTheirs(owner, tool, run));
        const own = comparable(await runOurs(tool, run));
        if (real.exit === 0) succeeded += 1;
        if (JSON.stringify(alike(own, one)) === JSON.stringify(alike(real, one))) continue;
        differing.push(
          [
            describeCombination(one, dimensions),
            `  theirs ${real.exit}: ${real.stderr.trim() || real.stdout.slice(-200)}`,
            `  ours   ${own.exit}: ${own.stderr.trim() || own.stdout.slice(-200)}`,
          ].join('\n'),
        );
      }
      console.log(`${tool}: ${combinations.length} combinations, ${succeeded} of them read the log`);
      if (process.env['ROWLOCK_TLS_MATRIX_REPORT'] !== undefined) {
        writeFileSync(process.env['ROWLOCK_TLS_MATRIX_REPORT'] + dialect, differing.join('\n'));
      }
      expect(differing).toEqual([]);
    },
  );
});
