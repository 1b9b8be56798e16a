import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createAuthority, exists, makePair, namesFor, readText, writeAtomic } from '../certificates/index.ts';
import type { Flavor } from '../charset/index.ts';
import { UsageError } from '../errors/index.ts';
import { makeFolders } from '../store/index.ts';
import { authPlugin } from '../wire/index.ts';
import { DEFAULT_PLUGIN, newAccount } from './accounts/account-record.ts';
import type { Accounts } from './accounts/accounts.ts';
import { DYNAMIC_PRIVILEGES, STATIC_PRIVILEGES } from './accounts/privileges.ts';

const AUTHORITY_DAYS = 3650;
/** Certificates of servers are renewed yearly with `rowlock certs rotate`, and reloaded without dropping a session. */
const SERVER_DAYS = 397;
const PASSWORD_BYTES = 18;
/** The account root@localhost, as an option file of clients. */
const ROOT_FILE = 'root.cnf';

/** Where the files of a first start lie, for the variables' defaults. */
export const certificateFiles = {
  ssl_ca: join('certificates', 'ca.pem'),
  ssl_cert: join('certificates', 'servers', 'relay', 'server-cert.pem'),
  ssl_key: join('certificates', 'servers', 'relay', 'server-key.pem'),
} as const;

/** Makes the data folder, for its owner alone. @throws UsageError one that is there is open to others */
export async function prepareFolder(folder: string): Promise<void> {
  await makeFolders(folder, 0o700);
  const { mode } = await stat(folder);
  if ((mode & 0o022) !== 0) {
    throw new UsageError('others can write to the data folder', {
      context: { file: folder },
      hint: `chmod 700 ${folder}`,
    });
  }
  await demandOwnFolder(folder);
}

/** What InnoDB, MySQL's dictionary and Aria keep in a server's data folder, and nobody else's has. */
const SERVER_FILES = ['ibdata1', 'mysql.ibd', 'aria_log_control'] as const;

/** Logs of a server may lie in a relay's folder; in the server's own, both would write them. */
async function demandOwnFolder(folder: string): Promise<void> {
  for (const file of SERVER_FILES) {
    // oxlint-disable-next-line no-await-in-loop -- the first one is enough
    if (!(await exists(join(folder, file)))) continue;
    throw new UsageError(`this is the data folder of a MySQL or MariaDB server: it holds ${file}`, {
      context: { file: folder },
      hint: 'Give the relay a folder of its own. To serve the logs of that server, copy them there.',
    });
  }
}

/** An authority and a certificate with this machine's names, unless there is one. */
export async function prepareCertificates(folder: string, now: () => Date): Promise<void> {
  const certificates = join(folder, 'certificates');
  if (await exists(join(certificates, 'ca.pem'))) return;
  const authority = await createAuthority(
    certificates,
    {
      name: 'Rowlock relay CA',
      days: AUTHORITY_DAYS,
      keyKind: 'ec-p256',
      keyForm: 'pkcs8',
      encrypted: false,
    },
    { now, passphrase: async () => undefined },
  );
  const host = hostname();
  await makePair(authority, {
    kind: 'server',
    name: 'relay',
    subject: host,
    names: namesFor('server', 'relay', [...new Set([host, 'localhost', '127.0.0.1', '::1', ...addresses()])]),
    days: SERVER_DAYS,
    keyKind: 'ec-p256',
    keyForm: 'pkcs8',
  });
}

/** Addresses by which others reach this machine. */
function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
}

/** An account that may do everything, if there is no account at all. Its password is in root.cnf and nowhere else. */
export async function prepareRoot(
  folder: string,
  accounts: Accounts,
  connection: { readonly socket: string; readonly port: number },
  { flavor, now }: { readonly flavor: Flavor; readonly now: number },
): Promise<void> {
  if (accounts.all.length > 0) return;
  const plugin = DEFAULT_PLUGIN[flavor];
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const lines = [
    '[client]',
    'user=root',
    `password=${password}`,
    ...(connection.socket === ''
      ? ['host=127.0.0.1', `port=${connection.port}`]
      : [`socket=${connection.socket}`]),
    '',
  ];
  // First the file: an account nobody knows the password of would lock everybody out.
  await writeFile(join(folder, ROOT_FILE), lines.join('\n'), { mode: 0o600, flush: true } as {
    mode: number;
  });
  accounts.save({
    ...newAccount('root', 'localhost', plugin, now),
    credential: authPlugin(plugin)!.credential(Buffer.from(password)),
    privileges: [...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES],
    grantOption: true,
  });
}

/** The key that protects passwords on connections without TLS. @throws UsageError the file is no key */
export async function prepareRsaKey(folder: string): Promise<KeyObject> {
  const file = join(folder, 'private_key.pem');
  const pem = await readText(file);
  if (pem === undefined) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeAtomic(file, { text, mode: 0o600 });
    return privateKey;
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new UsageError('no private key can be read in it', {
      context: { file },
      hint: 'Remove it: the next start makes another one, and clients without TLS ask for it anew.',
    });
  }
}
