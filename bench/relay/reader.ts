import { RawEvent } from '../../src/binlog/index.ts';
import { SourceClient } from '../../src/replication/index.ts';

/** Reads a relay's whole log so many times at once, and looks at nothing: `port count`. */
const [port = '', count = '1'] = process.argv.slice(2);

async function readAll(): Promise<void> {
  const client = new SourceClient({
    connection: {
      host: '127.0.0.1',
      port: Number(port),
      user: 'reader',
      passwords: ['pw'],
      ssl: { sslMode: 'REQUIRED' },
    },
    start: 'beginning',
    stopAtEnd: true,
    verifyChecksums: false,
  });
  const event = new RawEvent();
  do {
    while (client.next(event));
  } while ((await client.wait()) !== 'ended');
}

await Promise.all(Array.from({ length: Number(count) }, readAll));
