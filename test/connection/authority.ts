import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a certificate should be. Everything else is as it should be. */
export interface CertificateWish {
  readonly subject: string;
  /** `DNS:localhost,IP:127.0.0.1`; absent: no subjectAltName. */
  readonly names?: string;
  /** In `YYYYMMDDHHMMSSZ`. */
  readonly start?: string;
  readonly end?: string;
  readonly authority?: boolean;
}

/** A certificate and its key, as files. `chain` holds it and the authorities between it and the root. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly chain: string;
}

const CONFIG = `[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
default_days = 30
default_crl_days = 30
policy = anything
unique_subject = no
copy_extensions = none
[anything]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
[dn]
`;

/** A certificate authority made with the openssl program, in a folder of its own. */
export class Authority {
  readonly folder: string;
  readonly cert: string;
  readonly key: string;
  /** What comes between certificates issued here and the root: PEM files. */
  readonly between: readonly string[];
  #count = 0;

  private constructor(folder: string, cert: string, key: string, between: readonly string[]) {
    this.folder = folder;
    this.cert = cert;
    this.key = key;
    this.between = between;
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'index.txt.attr'), 'unique_subject = no\n');
    writeFileSync(join(folder, 'serial'), '1000\n');
    writeFileSync(join(folder, 'crlnumber'), '01\n');
  }

  /** A root of its own. */
  static root(parent: string, subject: string): Authority {
    const folder = mkdtempSync(join(parent, 'ca-'));
    writeFileSync(join(folder, 'openssl.cnf'), CONFIG);
    const [cert, key] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')];
    openssl(folder, [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      subject,
      '-keyout',
      key,
      '-out',
      cert,
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ]);
    return new Authority(folder, cert, key, []);
  }

  /** An authority below this one. */
  intermediate(subject: string): Authority {
    const issued = this.issue({ subject, authority: true });
    const folder = mkdtempSync(join(this.folder, 'sub-'));
    writeFileSync(join(folder, 'openssl.cnf'), CONFIG);
    return new Authority(folder, issued.cert, issued.key, [issued.cert, ...this.between]);
  }

  issue(wish: CertificateWish): Issued {
    this.#count += 1;
    const base = join(this.folder, `issued-${this.#count}`);
    const [key, request, cert] = [`${base}-key.pem`, `${base}.csr`, `${base}.pem`];
    openssl(this.folder, [
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-config',
      'openssl.cnf',
      '-subj',
      wish.subject,
      '-keyout',
      key,
      '-out',
      request,
    ]);
    const extensions = [
      wish.authority === true ? 'basicConstraints=critical,CA:TRUE' : 'basicConstraints=CA:FALSE',
      ...(wish.names === undefined ? [] : [`subjectAltName=${wish.names}`]),
    ];
    writeFileSync(`${base}.ext`, `${extensions.join('\n')}\n`);
    const dates = [
      ...(wish.start === undefined ? [] : ['-startdate', wish.start]),
      ...(wish.end === undefined ? [] : ['-enddate', wish.end]),
    ];
    openssl(this.folder, [
      'ca',
      '-batch',
      '-notext',
      '-preserveDN',
      '-config',
      'openssl.cnf',
      '-cert',
      this.cert,
      '-keyfile',
      this.key,
      '-in',
      request,
      '-out',
      cert,
      '-extfile',
      `${base}.ext`,
      ...dates,
    ]);
    const chain = `${base}-chain.pem`;
    writeFileSync(chain, [cert, ...this.between].map((file) => read(file)).join(''));
    return { cert, key, chain };
  }

  revoke({ cert }: Issued): void {
    openssl(this.folder, [
      'ca',
      '-config',
      'openssl.cnf',
      '-cert',
      this.cert,
      '-keyfile',
      this.key,
      '-revoke',
      cert,
    ]);
  }

  /** A list of what was revoked so far. */
  crl(): string {
    this.#count += 1;
    const file = join(this.folder, `list-${this.#count}.pem`);
    openssl(this.folder, [
      'ca',
      '-config',
      'openssl.cnf',
      '-cert',
      this.cert,
      '-keyfile',
      this.key,
      '-gencrl',
      '-out',
      file,
    ]);
    return file;
  }
}

export function read(file: string): string {
  return execFileSync('cat', [file], { encoding: 'utf8' });
}

/** Runs the openssl program in a folder. */
export function openssl(cwd: string, args: readonly string[]): string {
  return execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Whether there is an openssl program to make certificates with. */
export function hasOpenssl(): boolean {
  try {
    openssl('.', ['version']);
    return true;
  } catch {
    return false;
  }
}

/** A folder that is deleted by the function beside it. */
export function temporaryFolder(): readonly [string, () => void] {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-tls-'));
  mkdirSync(folder, { recursive: true });
  return [folder, () => rmSync(folder, { recursive: true, force: true })];
}

/** A certificate nobody vouches for, as MariaDB makes one for itself. */
function selfSigned(folder: string): Issued {
  const [cert, key] = [join(folder, 'self.pem'), join(folder, 'self-key.pem')];
  openssl(folder, [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
    '-subj',
    '/CN=self',
    '-keyout',
    key,
    '-out',
    cert,
    '-addext',
    'subjectAltName=DNS:localhost',
  ]);
  return { cert, key, chain: cert };
}

/** Every certificate the tests need. */
export function makePki(folder: string) {
  const root = Authority.root(folder, '/O=Rowlock Test/CN=Root');
  const namesake = Authority.root(folder, '/O=Rowlock Test/CN=Root');
  const stranger = Authority.root(folder, '/O=Elsewhere/CN=Stranger');
  const middle = root.intermediate('/O=Rowlock Test/CN=Middle');
  const both = 'DNS:localhost,IP:127.0.0.1';
  const servers = {
    good: root.issue({ subject: '/CN=good', names: both }),
    expired: root.issue({
      subject: '/CN=expired',
      names: both,
      start: '20240101000000Z',
      end: '20240201000000Z',
    }),
    future: root.issue({
      subject: '/CN=future',
      names: both,
      start: '20480101000000Z',
      end: '20490101000000Z',
    }),
    otherCa: stranger.issue({ subject: '/CN=otherca', names: both }),
    namesakeCa: namesake.issue({ subject: '/CN=namesake', names: both }),
    chain: middle.issue({ subject: '/CN=chain', names: both }),
    selfSigned: selfSigned(folder),
    wrongName: root.issue({ subject: '/CN=localhost', names: 'DNS:db.example.com' }),
    sanDns: root.issue({ subject: '/CN=x', names: 'DNS:localhost' }),
    sanIp: root.issue({ subject: '/CN=x', names: 'IP:127.0.0.1' }),
    cnOnly: root.issue({ subject: '/CN=localhost' }),
    cnIp: root.issue({ subject: '/CN=127.0.0.1' }),
    revoked: root.issue({ subject: '/CN=revoked', names: both }),
    // getaddrinfo reads 127.0.1 as 127.0.0.1, and it is no IP address to those who compare names.
    wildcard: root.issue({ subject: '/CN=x', names: 'DNS:*.0.1' }),
  };
  const clients = {
    alice: root.issue({ subject: '/O=Feat/CN=alice' }),
    bob: root.issue({ subject: '/O=Feat/CN=bob' }),
    stranger: stranger.issue({ subject: '/O=Feat/CN=alice' }),
    expired: root.issue({ subject: '/O=Feat/CN=alice', start: '20240101000000Z', end: '20240201000000Z' }),
  };
  root.revoke(servers.revoked);
  return {
    root,
    namesake,
    stranger,
    middle,
    servers,
    clients,
    crl: root.crl(),
    middleCrl: middle.crl(),
    folder,
  };
}

export type Pki = ReturnType<typeof makePki>;
