import { loadZstd } from '../../binlog/index.ts';
import type { LogOptions } from '../options.ts';
import { Log } from './log.ts';
import { chunkSource, type LogSource } from './source.ts';

/**
 * Opens a binary log or relay log of MySQL or MariaDB.
 *
 *     const log = await openLog('mysql-bin.000042');
 *     for (const change of log.changes()) console.log(change.operation, change.table, change.after);
 *
 * @param source a path, the bytes of a log, or an async iterable of chunks
 */
export async function openLog(source: LogSource, options: LogOptions = {}): Promise<Log> {
  if (options.expandPayloads !== false) await loadZstd();
  return new Log(chunkSource(source), options);
}

/**
 * Opens several logs one after the other, as they would be given to mysqlbinlog, each closed before the next.
 *
 *     for await (const log of openLogs(['mysql-bin.000041', 'mysql-bin.000042'])) …
 */
export async function* openLogs(
  sources: Iterable<LogSource>,
  options: LogOptions = {},
): AsyncGenerator<Log, void, undefined> {
  for (const source of sources) {
    // oxlint-disable-next-line no-await-in-loop -- one log is open at a time
    const log = await openLog(source, options);
    try {
      yield log;
    } finally {
      // oxlint-disable-next-line no-await-in-loop -- one log is open at a time
      await log.close();
    }
  }
}
