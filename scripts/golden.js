// Run one golden case, or all whose name starts so, and print where our output parts from the real tool's:
//   npm run golden -- mysql97/ddl.vv
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [wanted = ''] = process.argv.slice(2);
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/golden.test.ts', '--reporter=dot'], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, ROWLOCK_GOLDEN: wanted },
});
process.exitCode = status ?? 1;
