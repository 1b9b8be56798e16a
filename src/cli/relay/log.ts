import { type DestinationStream, type Logger, pino } from 'pino';
import { RowlockError } from '../../errors/index.ts';
import type { AuditLog } from '../../relay/index.ts';
import type { RelaySettings } from './settings.ts';

/** Where the relay writes what it does. */
export interface RelayLog extends AuditLog {
  report(error: unknown): void;
  info(message: string): void;
}

function destination(file: string | undefined): DestinationStream {
  // Written at once: what was said before a crash is what one wants to read.
  return pino.destination({ dest: file ?? 2, sync: true, mkdir: true });
}

/** JSON lines, one an event: to standard error, or to files. Audit lines carry `audit`, and may have a file of their own. */
export function openLog({ logError, auditLog, logLevel }: RelaySettings): RelayLog {
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const log: Logger = pino(options, destination(logError));
  const audit = auditLog === undefined ? log : pino({ ...options, level: 'info' }, destination(auditLog));
  return {
    record(event, details) {
      const line = { audit: event, ...details };
      if (event === 'refused' || event === 'violation') audit.warn(line);
      else audit.info(line);
      // Whoever reads the log alone must see why a channel stands still.
      if (event === 'violation' && audit !== log) log.warn(line);
    },
    report(error) {
      if (error instanceof RowlockError) {
        log.error({ code: error.code, hint: error.hint, ...error.context }, error.describe());
      } else log.error(error instanceof Error ? { stack: error.stack } : {}, String(error));
    },
    info(message) {
      log.info(message);
    },
  };
}
