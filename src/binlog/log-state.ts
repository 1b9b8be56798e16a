import { ByTableId } from './by-table-id.ts';
import { EventType } from './event-type.ts';
import type { LogLayout } from './events/definition.ts';
import type { FormatDescription } from './events/format-description.ts';
import type { TableMap } from './events/table-map.ts';
import { type Flavor, isMariadbVersion, versionNumber } from './server-version.ts';
import { StatusMemory } from './status-memory.ts';

/**
 * What decoding an event needs to know of the events before it: the format description in force and the table maps of
 * the statement. One per log.
 */
export class LogState implements LogLayout {
  format: FormatDescription | undefined;
  flavor: Flavor = 'mysql';
  /** The server's version as `major·65536 + minor·256 + patch`; 0 before a format description. */
  serverVersion = 0;
  readonly statuses: StatusMemory = new StatusMemory();
  readonly tables: ByTableId<TableMap> = new ByTableId();
  /**
   * Whether damaged events are read as far as the servers' own tools read them: bytes that are left over are passed over, metadata
   * that is missing is zero. What is read so does not encode to the same bytes.
   */
  tolerant = false;

  /** Takes a format description as the one in force: what came before it no longer counts. */
  setFormat(format: FormatDescription): void {
    this.format = format;
    this.flavor = isMariadbVersion(format.serverVersion) ? 'mariadb' : 'mysql';
    this.serverVersion = versionNumber(format.serverVersion);
    this.tables.clear();
  }

  /** Fixed length of a type's body by the format description in force, or `otherwise` where it does not say. */
  postHeaderLength(type: number, otherwise: number): number {
    const listed = this.format?.postHeaderLengths[type - 1];
    return listed === undefined || listed === 0 ? otherwise : listed;
  }

  /** Servers before 5.1.4 wrote 4-byte table ids, and say so with a post-header of 6 bytes. */
  tableIdBytes(type: number): 4 | 6 {
    return this.postHeaderLength(type, type === EventType.TABLE_MAP_EVENT ? 8 : 10) === 6 ? 4 : 6;
  }
}
