import { EventType, RawEvent } from '../../src/binlog/index.ts';
import { SourceClient } from '../../src/replication/index.ts';
import type { TestRelay } from './relay-streams.ts';

/** The first column of every row that a replica of the relay is sent, in order. */
export async function servedIds({ server }: TestRelay): Promise<number[]> {
  const client = new SourceClient({
    connection: { host: '127.0.0.1', port: server.port, user: 'repl', ssl: { sslMode: 'PREFERRED' } },
    start: 'beginning',
    stopAtEnd: true,
  });
  const event = new RawEvent();
  const ids: number[] = [];
  do {
    while (client.next(event)) {
      // Of a table of one INT: its value stands at the end.
      if (event.type === EventType.WRITE_ROWS_EVENT || event.type === EventType.WRITE_ROWS_EVENT_V1)
        ids.push(event.bytes.readInt32LE(event.bodyEnd - 4));
    }
  } while ((await client.wait()) !== 'ended');
  return ids;
}
