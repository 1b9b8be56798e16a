import { spawn } from 'node:child_process';
import { CertificateError } from '../../certificates/index.ts';
import { PASSPHRASE_VARIABLE } from './passphrase.ts';
import type { DeployTarget } from './target.ts';

/** How the system's OpenSSH is called. */
export interface SshSettings {
  readonly program: string;
  /** Values of `-o`. */
  readonly options: readonly string[];
  /** Run the script as root through sudo, which must not ask. */
  readonly sudo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Bytes of output a remote script may print before it counts as broken. */
const MOST_OUTPUT = 1_048_576;

/**
 * Runs a shell script on the other end. The script travels on standard input, so nothing of it is in a process list on
 * either machine. ssh asks nothing: keys, agents and known hosts are as the person has set them up.
 *
 * @throws CertificateError `CERTIFICATE_DEPLOY` with what ssh or the script said on standard error
 */
export function runRemote(
  target: Extract<DeployTarget, { kind: 'ssh' }>,
  script: string,
  settings: SshSettings,
): Promise<string> {
  const shell = settings.sudo ? 'sudo -n sh' : 'sh';
  const options = ['BatchMode=yes', 'ConnectTimeout=15', 'ServerAliveInterval=10', ...settings.options];
  const args = [
    ...options.flatMap((option) => ['-o', option]),
    ...(target.port === undefined ? [] : ['-p', target.port]),
    '--',
    target.destination,
    shell,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(settings.program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: withoutSecrets(settings.env),
    });
    let [output, complaint] = ['', ''];
    child.stdout.on('data', (chunk) => {
      if (output.length < MOST_OUTPUT) output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      if (complaint.length < MOST_OUTPUT) complaint += String(chunk);
    });
    // The other end may be gone before it has read the script; its exit status tells.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => {
      reject(
        new CertificateError('CERTIFICATE_DEPLOY', `cannot run ${settings.program}`, {
          cause,
          context: { host: target.destination },
        }),
      );
    });
    child.on('close', (code) => {
      if (code === 0) return resolve(output);
      const said = complaint.trim().split('\n').slice(-3).join('; ');
      const why = said === '' ? `ended with ${code}` : said;
      reject(
        new CertificateError('CERTIFICATE_DEPLOY', `${target.destination}: ${why}`, {
          context: { host: target.destination },
        }),
      );
    });
    child.stdin.end(script);
  });
}

/** What ssh gets of the environment: its configuration may forward any of it to the other end. */
function withoutSecrets(env: SshSettings['env']): Record<string, string | undefined> {
  const { [PASSPHRASE_VARIABLE]: _phrase, MYSQL_PWD: _password, ...rest } = env;
  return rest;
}
