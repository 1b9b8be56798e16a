import { Replication, ServerTarget, type ServerTargetOptions } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { type RunningServer, reach } from '../servers/index.ts';

export type Way = Pick<ServerTargetOptions, 'parallelWorkers' | 'preserveCommitOrder' | 'apply'>;

/** From where the target stands to the end of the source's log, GTIDs kept; both of one kind. The target, closed, tells what it did. */
export async function replicateServer(
  name: Flavour,
  source: RunningServer,
  target: RunningServer,
  way: Way = {},
  signal?: AbortSignal,
): Promise<ServerTarget> {
  const ends = signal === undefined ? {} : { signal };
  const server = new ServerTarget({
    connection: { ...reach(target), ...ends },
    flavor: isMaria(name) ? 'mariadb' : 'mysql',
    keepGtids: true,
    ...way,
  });
  try {
    await new Replication({
      connection: { ...reach(source), ...ends },
      target: server,
      start: 'beginning',
      stopAtEnd: true,
      retry: false,
    }).run();
  } finally {
    await server.close().catch(() => undefined);
  }
  return server;
}
