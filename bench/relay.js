// node bench/relay.js [measure | hop | replica | readers]: a relay between real servers on loopback, TLS on every hop. Needs the servers
// of test/servers. BENCH_MEGABYTES and BENCH_TRANSACTIONS make it smaller.
import { runBundled } from './run-bundled.js';

await runBundled('relay', process.argv[2] ?? 'measure', 'reader', 'cold-relay');
