import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { formatCertificate, issue } from '../../src/certificates/x509/issue.ts';
import { formatKey } from '../../src/certificates/x509/keys.ts';
import { parseName } from '../../src/certificates/x509/name.ts';
import type { ServerName } from '../servers/index.ts';
import type { Patient } from './patient.ts';

/** One way a server can be broken. */
export interface BrokenState {
  readonly title: string;
  /** The finding that names it. */
  readonly code: string;
  /** What its message says of the cause. */
  readonly cause: RegExp;
  readonly servers: readonly ServerName[];
  /** Needs the server started anew: tried on every server only in the long run. */
  readonly slow?: boolean;
  /** Nothing but a person can mend it. */
  readonly byHand?: boolean;
  readonly arrange: (patient: Patient) => Promise<void>;
}

const mariadbs = ['mariadb105', 'mariadb1011', 'mariadb118'] as const;
const modern: readonly ServerName[] = ['mysql97', ...mariadbs];
const every: readonly ServerName[] = ['mysql97', 'mysql56', ...mariadbs];

/** A server that has the deployed pair of a name. */
const served =
  (server: string, folder: string) =>
  async (patient: Patient): Promise<void> =>
    patient.begin(patient.pairLines(await patient.lay(folder, server)));

const bits = (patient: Patient, path: string): string => readFileSync(join(patient.home, path), 'utf8');

/** A server that has other files under the names of a deployed pair. */
async function disguised(patient: Patient, folder: string, certificate: string, key: string): Promise<void> {
  const path = patient.write(folder, {
    'ca.pem': bits(patient, 'ca/ca.pem'),
    'server-cert.pem': bits(patient, certificate),
    'server-key.pem': bits(patient, key),
  });
  await patient.begin(patient.pairLines(path));
}

const mixed = (patient: Patient): Promise<void> =>
  disguised(patient, 'mixed', 'ca/servers/db/server-cert.pem', 'ca/servers/elsewhere/server-key.pem');

/** A server as it was installed, and a person who has no authority. */
async function unprepared(patient: Patient): Promise<void> {
  patient.hasAuthority = false;
  await patient.begin([]);
}

/** Files and settings of TLS: the server starts with them. */
const tls: readonly Omit<BrokenState, 'slow'>[] = [
  {
    title: 'no TLS files are named',
    code: 'TLS_OFF',
    cause: /^the server offers no TLS$/,
    servers: ['mysql56', 'mariadb105', 'mariadb1011'],
    arrange: unprepared,
  },
  {
    title: 'no TLS files are named, and it makes its own at each start',
    code: 'SELF_SIGNED',
    cause: /made by the server at its start/,
    servers: ['mariadb118'],
    arrange: unprepared,
  },
  {
    title: 'it has the certificate it made itself',
    code: 'AUTO_GENERATED',
    cause: /made by the server itself, without host names/,
    servers: ['mysql97'],
    arrange: unprepared,
  },
  {
    title: 'no protocol is let in',
    code: 'TLS_OFF',
    cause: /tls_version is empty/,
    servers: ['mysql97'],
    arrange: (patient) => patient.begin(['tls_version =']),
  },
  {
    title: 'the key is of another pair',
    code: 'TLS_NOT_ACTIVE',
    cause: /not active: .*private key does not belong to \/CN=db$/,
    servers: ['mysql97'],
    arrange: mixed,
  },
  {
    title: 'the key is of another pair',
    code: 'TLS_HANDSHAKE',
    cause: /offered but fails: .*private key does not belong to \/CN=db$/,
    servers: ['mysql56'],
    arrange: mixed,
  },
  {
    title: 'the file of the key is not there',
    code: 'TLS_NOT_ACTIVE',
    cause: /not active: .*server-key\.pem: no such file$/,
    servers: ['mysql97', 'mysql56'],
    arrange: async (patient) => {
      const folder = patient.write('keyless', {
        'ca.pem': bits(patient, 'ca/ca.pem'),
        'server-cert.pem': bits(patient, 'ca/servers/db/server-cert.pem'),
      });
      await patient.begin(patient.pairLines(folder));
    },
  },
  {
    title: 'the key is weaker than the server takes',
    code: 'TLS_NOT_ACTIVE',
    cause: /not active: .*server-cert\.pem: key RSA 1024: servers and clients of today refuse it$/,
    servers: ['mysql97'],
    arrange: async (patient) => {
      // No command makes such a key.
      const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const issuer = {
        certificate: new X509Certificate(bits(patient, 'ca/ca.pem')),
        key: createPrivateKey(bits(patient, 'ca/ca-key.pem')),
      };
      const validity = { notBefore: new Date(), notAfter: new Date(Date.now() + 9e9) };
      const plan = {
        purpose: 'server',
        subject: parseName('db'),
        publicKey: key,
        names: [],
        validity,
      } as const;
      const folder = patient.write('weak', {
        'ca.pem': bits(patient, 'ca/ca.pem'),
        'server-cert.pem': formatCertificate(await issue(plan, issuer)),
        'server-key.pem': formatKey(key),
      });
      await patient.begin(patient.pairLines(folder));
    },
  },
  {
    title: 'its own authorities do not vouch for its certificate',
    code: 'RELOAD_REFUSED',
    cause: /^ALTER INSTANCE RELOAD TLS is refused, .*: no authority in the CA file signed \/CN=db /,
    servers: ['mysql97'],
    byHand: true,
    arrange: async (patient) => {
      await patient.certs(['init', 'stranger']);
      const folder = patient.write('unvouched', {
        'ca.pem': bits(patient, 'stranger/ca.pem'),
        'server-cert.pem': bits(patient, 'ca/servers/db/server-cert.pem'),
        'server-key.pem': bits(patient, 'ca/servers/db/server-key.pem'),
      });
      await patient.begin(patient.pairLines(folder));
      await expect(patient.query('ALTER INSTANCE RELOAD TLS')).rejects.toThrow('Invalid certificates');
    },
  },
  {
    title: 'TLS is turned off',
    code: 'TLS_NOT_ACTIVE',
    cause: /skip-ssl or ssl=0 turns it off/,
    servers: ['mysql56', ...mariadbs],
    arrange: async (patient) =>
      patient.begin([...patient.pairLines(await patient.lay('off', 'db')), 'skip-ssl']),
  },
  {
    title: 'the certificate has ended',
    code: 'EXPIRED',
    cause: /^certificate: expired (99|100) days ago$/,
    servers: modern,
    arrange: served('old', 'ended'),
  },
  {
    title: 'the certificate ends soon',
    code: 'EXPIRES_SOON',
    cause: /^certificate: expires in (19|20) days$/,
    servers: every,
    arrange: served('ending', 'ending'),
  },
  {
    title: 'the certificate is for another host',
    code: 'HOST_MISMATCH',
    cause: /^certificate is for elsewhere, not for 127\.0\.0\.1/,
    servers: every,
    arrange: served('elsewhere', 'elsewhere'),
  },
  {
    title: 'the certificate has no subject alternative name',
    code: 'NO_HOST_NAME',
    cause: /no subject alternative name; clients fall back to the common name db 1$/,
    servers: every,
    arrange: async (patient) => {
      await patient.certs(['server', 'db 1']);
      await served('db 1', 'nameless')(patient);
    },
  },
  {
    title: 'the certificate is for clients alone',
    code: 'WRONG_USAGE',
    cause: /extended key usage does not allow a server$/,
    servers: every,
    arrange: (patient) =>
      disguised(patient, 'usage', 'ca/users/someone/client-cert.pem', 'ca/users/someone/client-key.pem'),
  },
  {
    title: 'the certificate signed itself',
    code: 'SELF_SIGNED',
    cause: /^certificate \/CN=Rowlock MySQL CA signed itself$/,
    servers: every,
    arrange: (patient) => disguised(patient, 'alone', 'ca/ca.pem', 'ca/ca-key.pem'),
  },
  {
    title: 'the certificate is of an authority that the visitor does not trust',
    code: 'UNTRUSTED',
    cause: /no authority in the CA file signed/,
    servers: every,
    arrange: async (patient) => {
      const other = join(patient.home, 'other');
      await patient.certs(['init', other, '--key', 'rsa-2048', '--key-form', 'traditional']);
      await patient.certs(['server', 'db', '--san', '127.0.0.1', '-a', other]);
      const folder = join(patient.home, 'foreign');
      await patient.certs(['deploy', folder, '--server', 'db', '-a', other]);
      await patient.begin(patient.pairLines(folder));
      patient.words = ['--ssl-ca', 'ca/ca.pem'];
    },
  },
  {
    title: 'everybody can read the key',
    code: 'KEY_READABLE',
    cause: /server-key\.pem: private key has mode 0644$/,
    servers: every,
    arrange: async (patient) => {
      await served('db', 'open')(patient);
      chmodSync(join(patient.home, 'open/server-key.pem'), 0o644);
    },
  },
  {
    title: 'the revocation list has ended',
    code: 'CRL_EXPIRED',
    cause: /crl\.pem: revocation list of .* is out of date: every certificate/,
    servers: modern,
    arrange: async (patient) => {
      await patient.certs(['crl'], 300);
      const folder = await patient.lay('listed', 'db');
      await patient.begin([...patient.pairLines(folder), `ssl_crl = ${folder}/crl.pem`]);
    },
  },
  {
    title: 'old protocols are let in',
    code: 'OLD_PROTOCOL',
    cause: /^TLSv1\.1 accepted$/,
    servers: mariadbs,
    arrange: async (patient) =>
      patient.begin([
        ...patient.pairLines(await patient.lay('older', 'db')),
        'tls_version = TLSv1.1,TLSv1.2',
      ]),
  },
  {
    title: 'old protocols alone are let in',
    code: 'OLD_PROTOCOL_ONLY',
    cause: /TLSv1\.1/,
    servers: mariadbs,
    arrange: async (patient) =>
      patient.begin([...patient.pairLines(await patient.lay('oldest', 'db')), 'tls_version = TLSv1.1']),
  },
  {
    title: 'there is no protocol of today in it',
    code: 'OLD_PROTOCOL_ONLY',
    cause: /^the best protocol the server has is TLSv1, with /,
    servers: ['mysql56'],
    byHand: true,
    arrange: served('db', 'yassl'),
  },
  {
    title: 'new files were laid down, and not taken',
    code: 'NOT_LOADED',
    cause: /server-cert\.pem holds \/CN=db until .*, but the running server shows \/CN=ending until /,
    servers: every,
    arrange: async (patient) => {
      await served('ending', 'later')(patient);
      await patient.lay('later', 'db');
    },
  },
  {
    title: 'the file of the key is gone since it started',
    code: 'FILE_MISSING',
    cause: /server-key\.pem: no such file: the running server does not know yet/,
    servers: every,
    arrange: async (patient) => {
      await served('db', 'gone')(patient);
      rmSync(join(patient.home, 'gone/server-key.pem'));
    },
  },
];

/** CHANGE MASTER TO in the words of each server. */
const channelTo =
  (settings: string) =>
  async (patient: Patient): Promise<void> => {
    const mysql97 = patient.name === 'mysql97';
    const stop = mysql97 ? 'STOP REPLICA; RESET REPLICA ALL' : 'STOP SLAVE; RESET SLAVE ALL';
    const statement = mysql97 ? 'CHANGE REPLICATION SOURCE TO' : 'CHANGE MASTER TO';
    const text = `${statement} SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_USER='r', ${settings}`;
    await patient.query(`${stop}; ${mysql97 ? text : text.replaceAll('SOURCE_', 'MASTER_')}`);
  };

/** What statements can break on a server that runs. */
const running: readonly BrokenState[] = [
  {
    title: 'an account that replicates needs no TLS',
    code: 'REPLICATION_ACCOUNT_WITHOUT_TLS',
    cause: /^accounts that may replicate can log in without TLS: 'o''neill'@'%', 'repl'@'%'$/,
    servers: every,
    arrange: (patient) =>
      patient
        .query(
          "CREATE USER 'repl'@'%' IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'; CREATE USER 'o''neill'@'%' IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO 'o''neill'@'%'",
        )
        .then(() => undefined),
  },
  {
    title: 'accounts need no TLS',
    code: 'ACCOUNT_WITHOUT_TLS',
    cause: /^accounts can log in without TLS: 'app'@'%', 'web'@'10\.%'$/,
    servers: every,
    arrange: async (patient) => {
      await patient.query(
        "CREATE USER 'app'@'%' IDENTIFIED BY 'x'; CREATE USER 'web'@'10.%' IDENTIFIED BY 'x'",
      );
      // A role of MySQL is an account that is locked.
      if (patient.name !== 'mysql56') await patient.query("CREATE ROLE 'reader'");
    },
  },
  {
    title: 'plain connections are accepted',
    code: 'PLAIN_ALLOWED',
    cause: /without TLS are accepted/,
    servers: modern,
    arrange: () => Promise.resolve(),
  },
  {
    title: 'the log carries statements',
    code: 'NOT_ROW_FORMAT',
    cause: /^binlog_format is STATEMENT/,
    servers: every,
    arrange: (patient) => patient.query('SET GLOBAL binlog_format = STATEMENT').then(() => undefined),
  },
  {
    title: 'the log has no column names',
    code: 'ROW_METADATA',
    cause: /^binlog_row_metadata is (MINIMAL|NO_LOG)/,
    servers: modern,
    arrange: () => Promise.resolve(),
  },
  {
    title: 'an account has a plugin that this version lost',
    code: 'PLUGIN_LEAVING',
    cause: /^mysql_native_password is gone in MySQL 9\.0, so nobody can log in with it: 'native'@'%'/,
    servers: ['mysql97'],
    arrange: (patient) =>
      patient
        .query(
          "CREATE USER 'native'@'%' IDENTIFIED BY 'x' REQUIRE SSL; UPDATE mysql.user SET plugin = 'mysql_native_password', authentication_string = '*E6CC90B878B948C35E92B003C792C46C58C4AF40' WHERE user = 'native'; FLUSH PRIVILEGES",
        )
        .then(() => undefined),
  },
  {
    title: 'an account has a plugin that goes',
    code: 'PLUGIN_LEAVING',
    cause: /^sha256_password is deprecated since MySQL 8\.0\.16: 'sha'@'%'$/,
    servers: ['mysql97'],
    arrange: (patient) =>
      patient
        .query("CREATE USER 'sha'@'%' IDENTIFIED WITH sha256_password BY 'x' REQUIRE SSL")
        .then(() => undefined),
  },
  {
    title: 'an account has the hash of MySQL 4.0',
    code: 'PLUGIN_LEAVING',
    cause: /^mysql_old_password .*: 'ancient'@'%'$/,
    servers: ['mysql56', ...mariadbs],
    arrange: (patient) =>
      patient
        .query(
          patient.name === 'mysql56'
            ? "CREATE USER 'ancient'@'%' IDENTIFIED WITH mysql_old_password; SET old_passwords = 1; SET PASSWORD FOR 'ancient'@'%' = PASSWORD('x'); GRANT USAGE ON *.* TO 'ancient'@'%' REQUIRE SSL"
            : "CREATE USER 'ancient'@'%' IDENTIFIED VIA mysql_old_password USING '606706156665cd86' REQUIRE SSL",
        )
        .then(() => undefined),
  },
  {
    title: 'new passwords get the hash of MySQL 4.0',
    code: 'OLD_PASSWORDS',
    cause: /^old_passwords is (1|ON): new passwords/,
    servers: ['mysql56', ...mariadbs],
    arrange: (patient) => patient.query('SET GLOBAL old_passwords = 1').then(() => undefined),
  },
  {
    title: 'a channel is plain',
    code: 'CHANNEL_PLAIN',
    cause: /^channel to 127\.0\.0\.1:1 is not encrypted \(ssl-mode DISABLED\)/,
    servers: every,
    arrange: channelTo('SOURCE_SSL=0'),
  },
  {
    title: 'a channel with a name is plain',
    code: 'CHANNEL_PLAIN',
    cause: /^channel 'far off' to db\.example\.com:3306 is not encrypted/,
    servers: modern,
    arrange: async (patient) => {
      const [before, statement, after] =
        patient.name === 'mysql97'
          ? [
              'STOP REPLICA; RESET REPLICA ALL',
              'CHANGE REPLICATION SOURCE TO SOURCE_HOST',
              " FOR CHANNEL 'far off'",
            ]
          : ['STOP SLAVE; RESET SLAVE ALL', "CHANGE MASTER 'far off' TO MASTER_HOST", ''];
      const word = patient.name === 'mysql97' ? 'SOURCE' : 'MASTER';
      await patient.query(
        `${before}; ${statement}='db.example.com', ${word}_USER='r', ${word}_SSL=0${after}`,
      );
    },
  },
  {
    title: 'a channel believes anybody',
    code: 'CHANNEL_UNVERIFIED',
    cause: /amounts to ssl-mode REQUIRED: nobody checks/,
    servers: every,
    arrange: channelTo("SOURCE_SSL=1, SOURCE_SSL_CA='', SOURCE_SSL_VERIFY_SERVER_CERT=0"),
  },
  {
    title: 'a channel shall verify without an authority',
    code: 'CHANNEL_WITHOUT_CA',
    cause: /it cannot connect$|by the authorities of its system alone$/,
    servers: ['mysql97', 'mariadb105', 'mariadb1011'],
    arrange: channelTo("SOURCE_SSL=1, SOURCE_SSL_CA='', SOURCE_SSL_VERIFY_SERVER_CERT=1"),
  },
  {
    title: 'a channel stands still',
    code: 'CHANNEL_FAILS',
    cause: /^channel to 127\.0\.0\.1:1 stands still: .*connect/i,
    servers: ['mysql97'],
    byHand: true,
    arrange: async (patient) => {
      await channelTo('SOURCE_SSL=1')(patient);
      await patient.query('START REPLICA');
      await patient.until((codes) => codes.includes('CHANNEL_FAILS'));
    },
  },
  {
    title: 'a channel believes any server of an authority',
    code: 'CHANNEL_UNVERIFIED',
    cause: /amounts to ssl-mode VERIFY_CA: any server of this authority/,
    servers: every,
    arrange: channelTo("SOURCE_SSL=1, SOURCE_SSL_CA='/srv/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT=0"),
  },
  {
    title: 'a channel takes statements',
    code: 'CHANNEL_STATEMENTS',
    cause: /takes more than rows/,
    servers: ['mysql97'],
    arrange: channelTo("SOURCE_SSL=1, SOURCE_SSL_CA='/srv/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT=1"),
  },
  {
    title: 'a channel applies with every privilege',
    code: 'CHANNEL_ALL_PRIVILEGES',
    cause: /with every privilege/,
    servers: ['mysql97'],
    arrange: channelTo("SOURCE_SSL=1, SOURCE_SSL_CA='/srv/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT=1"),
  },
];

/** All states. Those of a running server come last: they find one that has a good pair. */
export const brokenStates: readonly BrokenState[] = [
  ...tls.map((state) => ({ ...state, slow: true })),
  ...running,
];

/** The server as those states want it. */
export async function recovered(patient: Patient): Promise<void> {
  await patient.begin(patient.pairLines(await patient.lay('good', 'db')));
}
