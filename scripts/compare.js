// Run a real tool and our command on the same command line, and print where they part:
//   TZ=UTC npm run compare -- mysqlbinlog -vv /path/to/binlog.000001 [< log]
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { importTypeScript } from './typescript.js';

const [tool, ...argv] = process.argv.slice(2);
if (tool === undefined) {
  console.error('npm run compare -- mysqlbinlog|mariadb-binlog [OPTION…] LOG…');
  process.exit(1);
}
const { compareHere } = await importTypeScript(
  join(import.meta.dirname, '../test/differential/compare-here.ts'),
);
const stdin = argv.includes('-') ? await buffer(process.stdin) : undefined;
// npm runs scripts in the package's folder; INIT_CWD is where the user stands.
const differences = await compareHere(tool, argv, process.env.INIT_CWD ?? process.cwd(), stdin);
console.log(differences.length === 0 ? 'no difference' : differences.join('\n'));
process.exitCode = differences.length === 0 ? 0 : 1;
