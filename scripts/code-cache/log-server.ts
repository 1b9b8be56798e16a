import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EventFramer, RawEvent } from '../../src/binlog/index.ts';
import { createAuthority, makePair, namesFor, pairFiles, pairFolder } from '../../src/certificates/index.ts';
import { accept, type Session } from '../../src/connection/index.ts';
import { prepareServer } from '../../src/tls/index.ts';
import { authPlugin, binlogDump, Command } from '../../src/wire/index.ts';

const HOST = '127.0.0.1';
const PLUGIN = 'caching_sha2_password';
const MAGIC_BYTES = 4;
const KEYS = { keyKind: 'ec-p256', keyForm: 'pkcs8', days: 1 } as const;

/** Gives logs away as a server does, over TLS, to anybody with the password. */
export interface LogServer {
  readonly port: number;
  /** The file of the authority that its certificate is of. */
  readonly authority: string;
  close(): void;
}

/** @param folder where it keeps its certificates; `logs` are files, `.gz` or as they are, by the names that clients ask for */
export async function serveLogs(
  folder: string,
  password: string,
  logs: Readonly<Record<string, string>>,
): Promise<LogServer> {
  const certificates = join(folder, 'certificates');
  const authority = await createAuthority(
    certificates,
    { name: 'A CA for a moment', encrypted: false, ...KEYS },
    { now: () => new Date(), passphrase: async () => undefined },
  );
  await makePair(authority, { kind: 'server', name: HOST, names: namesFor('server', HOST, []), ...KEYS });
  const own = pairFolder(authority, 'server', HOST);
  const tls = prepareServer({
    certificate: readFileSync(join(own, pairFiles.server.certificate), 'utf8'),
    key: readFileSync(join(own, pairFiles.server.key), 'utf8'),
  });
  const account = {
    plugin: PLUGIN,
    credential: authPlugin(PLUGIN)!.credential(Buffer.from(password)),
    cache: { digest: undefined },
  };
  const receive = async (socket: Socket): Promise<void> => {
    const verifier = { account: () => account };
    const session = await accept(socket, { serverVersion: '9.7.0', connectionId: 1, tls, verifier });
    await answer(session, logs);
    session.close();
  };
  const server = createServer((socket) => {
    receive(socket.on('error', () => undefined)).catch((error: unknown) => server.emit('error', error));
  }).listen(0, HOST);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    authority: join(certificates, 'ca.pem'),
    close: () => server.close(),
  };
}

async function answer(session: Session, logs: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    const command = await session.command();
    if (command === undefined) return;
    if (command.code === Command.COM_BINLOG_DUMP) {
      await dump(session, logs[session.read(binlogDump, command).file]!);
    } else if (command.code === Command.COM_QUERY && /^select/i.test(session.statement(command).toString())) {
      await session.rows(['VERSION()'], [['9.7.0']]);
    } else await session.ok();
  }
}

async function dump(session: Session, path: string): Promise<void> {
  const bytes = readFileSync(path);
  const framer = new EventFramer({ position: MAGIC_BYTES });
  framer.adopt((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).subarray(MAGIC_BYTES));
  const event = new RawEvent();
  session.beginDump(false);
  while (framer.next(event)) await session.event(Buffer.from(event.view()));
  await session.endDump();
}
