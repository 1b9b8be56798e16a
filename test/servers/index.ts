import type { ServerName } from './catalogue.ts';
import { type RunningServer, type StartOptions, startServer, sweepInstances } from './instance.ts';

export { fetchServers, missingServers } from './available.ts';
export { cacheFolder, instanceFolder, isFetched } from './cache.ts';
export { SERVER_NAMES, SERVERS, type ServerName, TOOL_NAMES, type ToolName } from './catalogue.ts';
export { fetchServer } from './fetch.ts';
export { freePort } from './free-port.ts';
export {
  type RunningServer,
  type StartOptions,
  startServer,
  stopFolder,
  sweepInstances,
} from './instance.ts';
export {
  endOf,
  type ProcessEnd,
  type ProgramResult,
  programCommand,
  runTool,
  SIGNALLED,
  spawnProgram,
  toolCommand,
} from './program.ts';
export { type Query, type QueryOptions, querySocket } from './query.ts';
export { reach } from './reach.ts';

/**
 * Run `body` with a fresh server of its own, wiped afterwards. The tag tells instances of one test file apart; the
 * process id keeps test files and checkouts apart.
 */
export async function withServer<T>(
  name: ServerName,
  tag: string,
  options: StartOptions,
  body: (server: RunningServer) => Promise<T>,
): Promise<T> {
  await sweepInstances();
  const server = await startServer(name, `${tag}-${process.pid}`, options);
  try {
    return await body(server);
  } finally {
    await server.wipe();
  }
}
