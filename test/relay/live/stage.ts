import type { Connection } from '../../../src/connection/index.ts';
import { openStreams, type RelayOptions } from '../../../src/relay/index.ts';
import type { RunningServer } from '../../servers/index.ts';
import { lastLine } from '../last-line.ts';
import { startRelay, type TestRelay } from '../relay.ts';

export { lastLine };

/** A relay as a person runs it, with a session of its root. */
export interface Stage {
  readonly relay: TestRelay;
  readonly root: Connection;
  /** Cells of the first row by column; of a channel, where several stand there. */
  status(channel?: string): Promise<Readonly<Record<string, string>>>;
  wipe(): Promise<void>;
}

/** Opens a relay that takes plain connections too: servers of 2013 know no TLS that is let in today. */
export async function openStage(options: Partial<RelayOptions> = {}): Promise<Stage> {
  const relay = await startRelay({
    openStreams: (surroundings) => openStreams(surroundings),
    ...options,
    variables: { require_secure_transport: false, ...options.variables },
  });
  const root = await relay.session();
  const status = async (channel?: string): Promise<Readonly<Record<string, string>>> => {
    const command =
      options.flavor === 'mariadb'
        ? `SHOW SLAVE ${channel === undefined ? '' : `'${channel}'`} STATUS`
        : `SHOW REPLICA STATUS${channel === undefined ? '' : ` FOR CHANNEL '${channel}'`}`;
    return firstRow(root, command);
  };
  return {
    relay,
    root,
    status,
    wipe: async () => {
      await root.close();
      await relay.wipe();
    },
  };
}

/** The first row of an answer, by column; empty where there is none. */
export async function firstRow(connection: Connection, sql: string): Promise<Record<string, string>> {
  const { columns, rows } = await connection.query(sql);
  return Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]?.toString() ?? '']));
}

/** The cells of the last line that a client printed, by column. */
export function printedRow(text: string): Record<string, string> {
  const [names = '', ...lines] = text.replace(/\n$/, '').split('\n');
  const cells = lines.at(-1)?.split('\t') ?? [];
  return Object.fromEntries(names.split('\t').map((name, index) => [name, cells[index] ?? '']));
}

/** Where a server's binary log ends. */
export async function logEnd(server: RunningServer): Promise<{ file: string; position: number }> {
  const sql = server.name === 'mysql97' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';
  const [file = '', position = '4'] = lastLine(await server.query(sql)).split('\t');
  return { file, position: Number(position) };
}
