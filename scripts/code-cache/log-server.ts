import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createAuthority, makePair, namesFor, pairFiles, pairFolder } from '../../src/certificates/index.ts';
import { prepareServer } from '../../src/tls/index.ts';
import { binlogDump } from '../../src/wire/index.ts';
import { account, type Loopback, listenAsServer } from '../../test/connection/loopback.ts';
import { serveLog } from '../../test/connection/serve-log.ts';

const HOST = '127.0.0.1';
const PLUGIN = 'caching_sha2_password';
const KEYS = { keyKind: 'ec-p256', keyForm: 'pkcs8', days: 1 } as const;

/** Gives logs away as a server does, over TLS, to one account. */
export interface LogServer {
  readonly loopback: Loopback;
  /** The file of the authority that its certificate is of. */
  readonly authority: string;
}

/** @param folder where it keeps its certificates; `logs` are files, `.gz` or as they are, by the names that clients ask for */
export async function serveLogs(
  folder: string,
  user: string,
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
  const loopback = await listenAsServer({ [user]: account(PLUGIN, password) }, { tls }, (session) =>
    serveLog(session, (dump) => {
      const path = logs[session.read(binlogDump, dump).file]!;
      const bytes = readFileSync(path);
      return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    }),
  );
  return { loopback, authority: join(certificates, 'ca.pem') };
}
