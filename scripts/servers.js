// Real servers by hand; the tests use the same code (test/servers).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { importTypeScript } from './typescript.js';

const USAGE = `npm run servers -- fetch [NAME…]               unpack servers and their tools into the cache
npm run servers -- start NAME[@TAG] [OPTION…]  start an instance, keeping its data folder if there is one
npm run servers -- stop NAME[@TAG]             clean shutdown
npm run servers -- wipe NAME[@TAG]             stop and delete
npm run servers -- query NAME[@TAG] [OPTION…]  SQL from standard input, through the real client
npm run servers -- run NAME TOOL [ARGUMENT…]   run one of its programs`;

const servers = await importTypeScript(join(import.meta.dirname, '../test/servers/index.ts'));
const [verb, target = '', ...rest] = process.argv.slice(2);
const [name, tag = 'hand'] = target.split('@');
const folder = servers.instanceFolder(name, tag);

const VERBS = {
  fetch() {
    const all = [...servers.SERVER_NAMES, ...servers.TOOL_NAMES];
    const problem = servers.fetchServers(target === '' ? all : [target, ...rest]);
    if (problem === undefined) return;
    console.error(problem);
    process.exitCode = 1;
  },
  async start() {
    const server = await servers.startServer(name, tag, { args: rest, reuse: true, detached: true });
    console.log(`port=${server.port} socket=${server.socket} data=${server.dataFolder} pid=${server.pid}`);
  },
  stop: () => servers.stopFolder(folder),
  async wipe() {
    await servers.stopFolder(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  async query() {
    const sql = await buffer(process.stdin);
    process.stdout.write(await servers.querySocket(name, join(folder, 's.sock'), sql, { args: rest }));
  },
  async run() {
    const [tool, ...args] = rest;
    const child = servers.spawnProgram(name, tool, args, { stdio: 'inherit' });
    process.exitCode = await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  },
};

const fetchable = ['', ...servers.TOOL_NAMES];
const known = name in servers.SERVERS || (verb === 'fetch' && fetchable.includes(name));
if (verb in VERBS && known) {
  await VERBS[verb]();
} else {
  if (verb in VERBS) console.error(`no server ${name}: there are ${servers.SERVER_NAMES.join(', ')}`);
  console.error(USAGE);
  process.exitCode = 2;
}
