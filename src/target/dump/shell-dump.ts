import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, UsageError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';

/** What `@.json` of a dump by MySQL Shell says that matters here; older ones lack some of it. */
interface Manifest {
  readonly consistent?: unknown;
  readonly gtidExecuted?: unknown;
  readonly gtidExecutedInconsistent?: unknown;
  readonly binlogFile?: unknown;
  readonly binlogPosition?: unknown;
}

/** As much as a GTID set of a million gaps and the names of all schemas take. */
const MOST_BYTES = 256 * 1024 * 1024;

async function read(folder: string, name: string): Promise<Manifest> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      missing && name === DONE
        ? `the dump in ${folder} is not whole: it has no ${DONE}`
        : `the folder is no dump of MySQL Shell: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (text.length > MOST_BYTES) throw new FormatError(`${path} is longer than ${MOST_BYTES} bytes`);
  try {
    return JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new FormatError(`${path} is no JSON`, { cause });
  }
}

/** The last that MySQL Shell writes. */
const DONE = '@.done.json';

/**
 * Where a dump by MySQL Shell (`util.dumpInstance` and the like) was taken.
 *
 * @param folder of the dump
 * @throws UsageError, FormatError it is not whole, was not taken at one moment, or does not say
 */
export async function readShellDumpPlace(folder: string): Promise<SourcePosition> {
  const manifest = await read(folder, '@.json');
  await read(folder, DONE);
  const { consistent, gtidExecuted, gtidExecutedInconsistent, binlogFile, binlogPosition } = manifest;
  if (consistent !== true) {
    throw new UsageError('the dump was not taken at one moment, so that it belongs to no place in the log', {
      hint: 'Make it without consistent: false.',
    });
  }
  const isPlace = typeof binlogFile === 'string' && binlogFile !== '' && typeof binlogPosition === 'number';
  const hasGtids =
    typeof gtidExecuted === 'string' && gtidExecuted.trim() !== '' && gtidExecutedInconsistent !== true;
  if (!isPlace && !hasGtids) {
    throw new UsageError('the dump does not say where in the source’s log it was taken', {
      hint: 'The account that makes it needs REPLICATION CLIENT. Say it with --from=FILE:POSITION or --from=GTIDS.',
    });
  }
  return {
    ...(isPlace ? { file: binlogFile, position: binlogPosition } : {}),
    ...(hasGtids ? { gtids: gtidExecuted.replaceAll(/\s/g, '') } : {}),
  };
}
