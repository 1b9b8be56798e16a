import { type Logger, pino } from 'pino';
import { RowlockError } from '../../errors/index.ts';
import type { AuditLog } from '../../relay/index.ts';
import { diskFailure } from '../disk-failure.ts';
import { LogFile } from './log-file.ts';
import type { RelaySettings } from './settings.ts';

/** Where the relay writes what it does. */
export interface RelayLog extends AuditLog {
  report(error: unknown): void;
  info(message: string): void;
  /** Files that were renamed are begun anew. A file that cannot be is told of, and the old one goes on. */
  reopen(): void;
}

const WARNING = 40;

/** A line of its own, which no level of the log leaves out. */
function lostLines(count: number, reason: string): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: WARNING, time, code: 'LOG_LOST', msg: `${count} lines of this log could not be written: ${reason}` })}\n`;
}

/** JSON lines, one an event: to standard error, or to files. Audit lines carry `audit`, and may have a file of their own. */
export function openLog({ logError, auditLog, logLevel }: RelaySettings): RelayLog {
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const files = [logError, ...(auditLog === undefined ? [] : [auditLog])].map(
    (path) => new LogFile(path, lostLines),
  );
  const log: Logger = pino(options, files[0]!);
  const audit = files[1] === undefined ? log : pino({ ...options, level: 'info' }, files[1]);
  const report = (error: unknown): void => {
    if (error instanceof RowlockError) {
      log.error({ code: error.code, hint: error.hint, ...error.context }, error.describe());
    } else log.error(error instanceof Error ? { stack: error.stack } : {}, String(error));
  };
  return {
    report,
    record(event, details) {
      const line = { audit: event, ...details };
      if (event === 'refused' || event === 'violation') audit.warn(line);
      else audit.info(line);
      // Whoever reads the log alone must see why a channel stands still.
      if (event === 'violation' && audit !== log) log.warn(line);
    },
    info(message) {
      log.info(message);
    },
    reopen() {
      for (const file of files) {
        try {
          file.reopen();
        } catch (error) {
          report(diskFailure(error) ?? error);
        }
      }
    },
  };
}
