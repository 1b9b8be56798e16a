// Follows a server and prints every changed row; where it stands is kept in a file, so that the next start goes on from there:
//   node examples/follow.ts position.json --host=db1 --user=cdc --password=… --ca=ca.pem
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ConnectionOptions, type StreamPosition, stream } from '../src/index.ts';

/** Hands every change to `take`, transaction by transaction; what was taken is not taken again after a crash. */
export async function follow(
  connection: ConnectionOptions,
  file: string,
  take: (line: string) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const start = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StreamPosition) : 'now';
  const reading = stream({ ...connection, start, ...(signal === undefined ? {} : { signal }) });
  for await (const { changes, resumeAt } of reading.transactions({ bigints: 'string' })) {
    for (const { schema, table, operation, before, after } of changes) {
      await take(JSON.stringify({ schema, table, operation, before, after }));
    }
    writeFileSync(`${file}.new`, JSON.stringify(resumeAt));
    renameSync(`${file}.new`, file);
  }
}

if (import.meta.filename === process.argv[1]) {
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { host: text, port: text, user: text, password: text, ca: text },
  });
  const { host = 'localhost', port = '3306', user = 'root', password = '', ca } = values;
  const ssl = ca === undefined ? {} : ({ sslMode: 'VERIFY_IDENTITY', sslCa: ca } as const);
  const connection = { host, port: Number(port), user, password, ssl };
  await follow(connection, positionals[0] ?? 'position.json', (line) => console.log(line));
}
