import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import {
  type Examination,
  examineCertificate,
  examinePair,
  type Finding,
  formatPem,
  inspectCertificate,
  matchesHost,
  parsePem,
} from '../../certificates/index.ts';
import { reloadStatement } from '../certs/reload.ts';
import type { ServerFacts } from './facts.ts';

/** What checks know beside the server itself. */
export interface DoctorSettings extends Examination {
  /** Authorities the server should be signed by; a path. */
  readonly trust: string | undefined;
}

const RESTART = 'restart the server (this version takes new files only when it starts)';

/** The command that makes a server take changed TLS files or settings. */
function reloadMend({ version }: ServerFacts): string {
  const statement = reloadStatement(version);
  return statement === undefined ? RESTART : `${statement};`;
}

/** Makes a pair for the host that was asked for, and brings it to where the server looks. */
function newPair(facts: ServerFacts): string {
  const { host } = facts.address;
  const file = facts.variables?.get('ssl_cert') ?? '';
  // A name without a folder lies in the data folder, which holds nothing but data.
  const folder = isAbsolute(file) ? dirname(file) : '/etc/mysql/tls';
  return `rowlock certs server ${host}; rowlock certs deploy ${folder} --server ${host}; ${reloadMend(facts)}`;
}

/** Is TLS there, and in use as configured? */
export function checkActive(facts: ServerFacts): Finding[] {
  if (facts.look.served.length > 0) return [];
  const have = facts.variables?.get('have_ssl');
  if (have === 'NO') {
    return [
      {
        severity: 'critical',
        code: 'TLS_NOT_COMPILED',
        message: 'the server was built without TLS',
        mend: 'Install a build with TLS.',
      },
    ];
  }
  const configured = ['ssl_cert', 'ssl_key'].filter((name) => (facts.variables?.get(name) ?? '') !== '');
  if (configured.length === 2) {
    return [
      {
        severity: 'critical',
        code: 'TLS_NOT_ACTIVE',
        message: `TLS is configured (ssl_cert=${facts.variables?.get('ssl_cert')}) but not active: the files are not there, unreadable for the server, or no pair`,
        mend: `rowlock certs check on the server's option file, then ${reloadMend(facts)}`,
      },
    ];
  }
  return [
    {
      severity: 'critical',
      code: 'TLS_OFF',
      message: 'the server offers no TLS',
      mend: `[mysqld] ssl_ca, ssl_cert, ssl_key (rowlock certs config --for mysqld), then ${reloadMend(facts)}`,
    },
  ];
}

/** Files named in the settings that the running server has not taken yet (MySQL 8.0.16 and later tell). */
export function checkLoaded({ variables, status }: ServerFacts): Finding[] {
  if (variables === undefined || status === undefined) return [];
  return ['ca', 'capath', 'cert', 'key', 'crl', 'crlpath', 'cipher', 'version'].flatMap((name): Finding[] => {
    const setting = name === 'version' ? 'tls_version' : `ssl_${name}`;
    const current = status.get(`current_tls_${name}`);
    const wanted = variables.get(setting);
    if (current === undefined || wanted === undefined || current === wanted) return [];
    return [
      {
        severity: 'warning',
        code: 'NOT_LOADED',
        message: `${setting} is '${wanted}' but the running server uses '${current}'`,
        mend: 'ALTER INSTANCE RELOAD TLS;',
      },
    ];
  });
}

/** Protocol in use, and those accepted. */
export function checkProtocol(facts: ServerFacts): Finding[] {
  const { look, variables } = facts;
  const found: Finding[] = [];
  if (look.tls !== undefined && !['TLSv1.2', 'TLSv1.3'].includes(look.tls.protocol)) {
    found.push({
      severity: 'critical',
      code: 'OLD_PROTOCOL_ONLY',
      message: `the best protocol the server has is ${look.tls.protocol}, with ${look.tls.cipher}`,
      mend: 'Upgrade the server.',
    });
    return found;
  }
  const old = (variables?.get('tls_version') ?? '')
    .split(',')
    .filter((name) => ['TLSv1', 'TLSv1.0', 'TLSv1.1'].includes(name));
  if (look.tls !== undefined && old.length > 0) {
    found.push({
      severity: 'warning',
      code: 'OLD_PROTOCOL',
      message: `${old.join(' and ')} accepted`,
      mend:
        reloadStatement(facts.version) === 'ALTER INSTANCE RELOAD TLS'
          ? "SET PERSIST tls_version = 'TLSv1.2,TLSv1.3'; ALTER INSTANCE RELOAD TLS;"
          : '[mysqld] tls_version = TLSv1.2,TLSv1.3 and a restart',
    });
  }
  return found;
}

/** The certificate the server shows. */
export function checkCertificate(facts: ServerFacts, settings: DoctorSettings): Finding[] {
  const { look, address, mariadb, number } = facts;
  const chain = look.served
    .map(({ raw }: X509Certificate) => formatPem('CERTIFICATE', raw))
    .flatMap(parsePem);
  const [leaf] = chain;
  if (leaf === undefined) return [];
  const view = inspectCertificate(leaf.der);
  // MariaDB 11.4 and later make a nameless one in memory when none is configured.
  const ephemeral =
    mariadb && view.selfSigned && !view.authority && (number[0] > 11 || (number[0] === 11 && number[1] >= 4));
  const found: Finding[] = examineCertificate(view, 'server', settings).map((finding) => ({
    ...finding,
    mend: finding.code.startsWith('EXPIRE')
      ? `rowlock certs rotate; rowlock certs deploy --all; ${reloadMend(facts)}`
      : newPair(facts),
  }));
  if (view.selfSigned) {
    found.push({
      severity: 'warning',
      code: 'SELF_SIGNED',
      message: ephemeral
        ? 'certificate made by the server at its start, not by an authority'
        : `certificate ${view.subject} signed itself`,
      mend: newPair(facts),
    });
  }
  if (!view.autoGenerated && view.names.length > 0 && !matchesHost(view, address.host)) {
    found.push({
      severity: 'warning',
      code: 'HOST_MISMATCH',
      message: `certificate is for ${view.names.map(({ value }) => value).join(', ')}, not for ${address.host}: VERIFY_IDENTITY fails`,
      mend: newPair(facts),
    });
  }
  if (settings.trust !== undefined) {
    found.push(
      ...examinePair(
        { role: 'server', chain, trust: parsePem(readFileSync(settings.trust, 'utf8')) },
        settings,
      ),
    );
  }
  return found;
}
