import { inspectCertificate } from '../../../certificates/index.ts';
import type { DoctorSettings } from '../doctor-settings.ts';
import { refusedFiles, unusableFiles } from '../facts/local-files.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import {
  type Diagnosis,
  mysqld,
  persistsTls,
  person,
  reloadSteps,
  restart,
  type Step,
  sql,
} from '../mends/mend.ts';
import { newPair } from '../mends/new-pair.ts';

/** Lets in the protocols of today alone. MySQL 5.7 and early 8.0 know nothing of TLS 1.3. */
function todaysProtocols(facts: ServerFacts): Step[] {
  if (persistsTls(facts))
    return [sql("SET PERSIST tls_version = 'TLSv1.2,TLSv1.3'; ALTER INSTANCE RELOAD TLS;")];
  return [mysqld('tls_version', facts.mariadb ? 'TLSv1.2,TLSv1.3' : 'TLSv1.2'), restart];
}

const oldProtocols = ['TLSv1', 'TLSv1.0', 'TLSv1.1'];

/** Protocols the settings let in; undefined where the server has no such setting, or nobody could look. */
function settingOf({ variables }: ServerFacts): readonly string[] | undefined {
  return variables
    ?.get('tls_version')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Why TLS is not in use, though its files are named in the settings. */
function inactive(facts: ServerFacts, settings: DoctorSettings): Diagnosis {
  const named = `TLS is configured (ssl_cert=${facts.variables?.get('ssl_cert')}) but not active`;
  // skip-ssl and ssl=0 are no options any more since MySQL 8.4; before, the last line wins.
  const turnOn = isMysqlFrom(facts, [8, 4, 0]) ? [] : [mysqld('ssl', 'ON')];
  const base = { severity: 'critical', code: 'TLS_NOT_ACTIVE' } as const;
  if (facts.files === undefined) {
    const message = `${named}: the files are not there, unreadable for the server or no pair${turnOn.length > 0 ? ', or skip-ssl turns it off' : ''}`;
    return { ...base, message, steps: [...turnOn, ...newPair(facts, settings)] };
  }
  const [broken] = refusedFiles(facts.files);
  if (broken !== undefined)
    return { ...base, message: `${named}: ${broken.message}`, steps: newPair(facts, settings) };
  // The files are good now. MySQL takes them while it runs; whether they were bad when it started, or TLS was turned off, nobody says.
  if (turnOn.length === 0)
    return {
      ...base,
      message: `${named}: the files are good now, but were not when the server started`,
      steps: reloadSteps(facts, false),
    };
  return {
    ...base,
    message: `${named}, though the files are good: skip-ssl or ssl=0 turns it off, or they are newer than the server's start`,
    steps: [...turnOn, restart],
  };
}

/** Is TLS there, and in use as configured? */
export function checkActive(facts: ServerFacts, settings: DoctorSettings): Diagnosis[] {
  const { look, variables } = facts;
  if (look.served.length > 0) return [];
  if (look.failure !== undefined) return [brokenHandshake(facts, settings, look.failure)];
  if (variables?.get('have_ssl') === 'NO') {
    return [
      {
        severity: 'critical',
        code: 'TLS_NOT_COMPILED',
        message: 'the server was built without TLS',
        steps: [person('Install a build with TLS.')],
      },
    ];
  }
  if (variables?.get('tls_version') === '') {
    return [
      {
        severity: 'critical',
        code: 'TLS_OFF',
        message: 'the server offers no TLS: tls_version is empty',
        steps: todaysProtocols(facts),
      },
    ];
  }
  const configured = ['ssl_cert', 'ssl_key'].every((name) => (variables?.get(name) ?? '') !== '');
  if (configured) return [inactive(facts, settings)];
  return [
    {
      severity: 'critical',
      code: 'TLS_OFF',
      message: 'the server offers no TLS',
      steps: newPair(facts, settings),
    },
  ];
}

/** TLS is offered, but no handshake comes to its end. */
function brokenHandshake(facts: ServerFacts, settings: DoctorSettings, failure: string): Diagnosis {
  const versions = settingOf(facts);
  if (versions !== undefined && versions.every((name) => oldProtocols.includes(name))) {
    return {
      severity: 'critical',
      code: 'OLD_PROTOCOL_ONLY',
      message: `tls_version lets in ${versions.join(' and ') || 'nothing'} alone, which fails: ${failure}`,
      steps: todaysProtocols(facts),
    };
  }
  const [broken] = facts.files === undefined ? [] : refusedFiles(facts.files);
  return {
    severity: 'critical',
    code: 'TLS_HANDSHAKE',
    message: `TLS is offered but fails: ${broken?.message ?? failure}`,
    steps: newPair(facts, settings),
  };
}

/** Files and settings that the running server has not taken yet. */
export function checkLoaded(facts: ServerFacts, settings: DoctorSettings): Diagnosis[] {
  const { variables, status, files, look } = facts;
  if (variables === undefined || look.served.length === 0) return [];
  const broken = files === undefined ? [] : unusableFiles(files);
  if (broken.length > 0) {
    return broken.slice(0, 1).map(({ code, message }) => ({
      severity: 'critical' as const,
      code,
      message: `${message}: the running server does not know yet, and loses TLS when it starts again`,
      steps: newPair(facts, settings),
    }));
  }
  const steps = reloadSteps(facts, true);
  // MySQL 8.0.16 and later tell which settings are in force.
  const found = ['ca', 'capath', 'cert', 'key', 'crl', 'crlpath', 'cipher', 'version'].flatMap(
    (name): Diagnosis[] => {
      const variable = name === 'version' ? 'tls_version' : `ssl_${name}`;
      const current = status?.get(`current_tls_${name}`);
      const wanted = variables.get(variable);
      if (current === undefined || wanted === undefined || current === wanted) return [];
      const message = `${variable} is '${wanted}' but the running server uses '${current}'`;
      return [{ severity: 'warning', code: 'NOT_LOADED', message, steps }];
    },
  );
  const [leaf] = look.served;
  const inFile = files?.certificate;
  if (found.length === 0 && leaf !== undefined && inFile !== undefined) {
    const shown = inspectCertificate(leaf.raw);
    if (shown.fingerprint !== inFile.fingerprint) {
      found.push({
        severity: 'warning',
        code: 'NOT_LOADED',
        message: `${variables.get('ssl_cert')} holds ${inFile.subject} until ${day(inFile.notAfter)}, but the running server shows ${shown.subject} until ${day(shown.notAfter)}`,
        steps,
      });
    }
  }
  return found;
}

/**
 * Whether the running server would take new files. Since 8.1 ALTER INSTANCE RELOAD TLS refuses a certificate that the server's own
 * file of authorities does not vouch for (error 3888), while a start with it only warns. Measured with MySQL 9.7.
 */
export function checkReload(facts: ServerFacts): Diagnosis[] {
  const { files, variables } = facts;
  if (files?.unvouched === undefined || !isMysqlFrom(facts, [8, 1, 0])) return [];
  return [
    {
      severity: 'warning',
      code: 'RELOAD_REFUSED',
      message: `ALTER INSTANCE RELOAD TLS is refused, because ssl_ca does not vouch for ssl_cert: ${files.unvouched}`,
      steps: [
        person(
          `Put the authorities that signed ${variables?.get('ssl_cert')} into ${variables?.get('ssl_ca')} as well, or start the server anew for every change.`,
        ),
      ],
    },
  ];
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** Protocol in use, and those accepted. */
export function checkProtocol(facts: ServerFacts): Diagnosis[] {
  const { look } = facts;
  if (look.tls === undefined) return [];
  const seen = look.old === undefined ? [] : [look.old];
  const old = settingOf(facts)?.filter((name) => oldProtocols.includes(name)) ?? seen;
  if (!['TLSv1.2', 'TLSv1.3'].includes(look.tls.protocol)) {
    return [
      {
        severity: 'critical',
        code: 'OLD_PROTOCOL_ONLY',
        message: `the best protocol the server has is ${look.tls.protocol}, with ${look.tls.cipher}`,
        // Where a setting holds it back, the setting mends it.
        steps: old.length > 0 ? todaysProtocols(facts) : [person('Upgrade the server: it has no TLS 1.2.')],
      },
    ];
  }
  if (old.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'OLD_PROTOCOL',
      message: `${old.join(' and ')} accepted`,
      steps: todaysProtocols(facts),
    },
  ];
}
