// node bench/target.js [apply | delay | memory]: rows into MySQL and SQLite, beside MySQL's own applier. Needs the servers of test/servers.
// BENCH_ROUNDS, BENCH_TRANSACTIONS, BENCH_WORK=rows or small, BENCH_WAYS=native,serial,kept,grouped,sqlite,… make it smaller; writes bench/results.
import { runBundled } from './run-bundled.js';

await runBundled('target', process.argv[2] ?? 'apply', 'follow');
