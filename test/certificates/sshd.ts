import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, missingServers, toolCommand } from '../servers/index.ts';

/** An OpenSSH server on loopback that lets in one key, as the account the tests run as. */
export interface RunningSshd {
  readonly port: number;
  /** What is to be run as `ssh`. */
  readonly program: string;
  /** Values of `-o` for a client that knows the server and has the key. */
  readonly options: readonly string[];
  stop(): Promise<void>;
}

const OWN = '/usr/sbin/sshd';

/** Where the programs come from: this machine where it has all of them, else the fetched package. */
const isOwn = [OWN, '/usr/bin/ssh', '/usr/bin/ssh-keygen'].every((path) => existsSync(path));

/** The words before a program's arguments. */
function words(program: 'sshd' | 'ssh' | 'ssh-keygen'): readonly string[] {
  if (isOwn) return [program === 'sshd' ? OWN : program];
  return toolCommand('openssh', program);
}

/** Why there is no OpenSSH for the tests; undefined when there is one. */
export function missingSshd(): string | undefined {
  const missing = isOwn ? undefined : missingServers('openssh');
  if (missing !== undefined || !needsAccount() || canHideAccounts()) return missing;
  const line = 'OpenSSH: run by root it needs an account sshd, or the right to mount one over /etc/passwd';
  console.log(`skipped: ${line}`);
  return line;
}

/** Whether this process may have a mount namespace of its own: root of a container often may not. */
function canHideAccounts(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/run'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts the server with keys of its own in a folder of its own. */
export async function startSshd(): Promise<RunningSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-sshd-'));
  const port = await freePort();
  for (const name of ['host', 'client']) {
    const [program = '', ...first] = words('ssh-keygen');
    execFileSync(program, [...first, '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  }
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, 'authorized'), text('client.pub'));
  writeFileSync(join(folder, 'known'), `[127.0.0.1]:${port} ${text('host.pub')}`);
  chmodSync(join(folder, 'client'), 0o600);
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/authorized`,
    `PidFile ${folder}/pid`,
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'StrictModes no',
    'UsePAM no',
  ];
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
  // Without -r it would start itself anew for every connection, and then not through the loader that is its own.
  const all = [...words('sshd'), ...(isOwn ? [] : ['-r']), '-D', '-e', '-f', join(folder, 'config')];
  const [program = '', ...args] = needsAccount()
    ? ['unshare', '-m', 'sh', '-c', withAccount(folder), ...all]
    : all;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
    child.once('error', reject);
  });
  const client = join(folder, 'ssh');
  const line = words('ssh').map((word) => `'${word}'`);
  writeFileSync(client, `#!/bin/sh\nexec ${line.join(' ')} "$@"\n`, { mode: 0o755 });
  return {
    port,
    program: client,
    options: [
      `Port=${port}`,
      `IdentityFile=${folder}/client`,
      'IdentitiesOnly=yes',
      `UserKnownHostsFile=${folder}/known`,
      'StrictHostKeyChecking=yes',
    ],
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Run by root, sshd wants an account `sshd` and a folder /run/sshd, which an unpacked package does not bring. */
function needsAccount(): boolean {
  return userInfo().uid === 0 && !/^sshd:/m.test(readFileSync('/etc/passwd', 'utf8'));
}

/** Gives it both in a mount namespace of its own; nothing outside changes. */
function withAccount(folder: string): string {
  writeFileSync(
    join(folder, 'passwd'),
    `${readFileSync('/etc/passwd', 'utf8')}sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n`,
  );
  return `mount --bind '${folder}/passwd' /etc/passwd && mount -t tmpfs none /run && mkdir /run/sshd && exec "$0" "$@"`;
}
