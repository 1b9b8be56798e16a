import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../servers/index.ts';

/** An OpenSSH server on loopback that lets in one key, as the account the tests run as. */
export interface RunningSshd {
  readonly port: number;
  /** Values of `-o` for a client that knows the server and has the key. */
  readonly options: readonly string[];
  stop(): Promise<void>;
}

const candidates = ['/usr/sbin/sshd', join(cacheFolder(), 'sshd/usr/sbin/sshd')];

/** Why there is no OpenSSH server for the tests; undefined when there is one. */
export function missingSshd(): string | undefined {
  if (candidates.some((path) => existsSync(path)) && existsSync('/usr/bin/ssh')) return undefined;
  const line = `no OpenSSH: install openssh-server, or unpack its package (with libwrap0) to ${join(cacheFolder(), 'sshd')}`;
  console.log(`skipped: ${line}`);
  return line;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Starts the server with keys of its own in a folder of its own. */
export async function startSshd(): Promise<RunningSshd> {
  const program = candidates.find((path) => existsSync(path)) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-sshd-'));
  const port = await freePort();
  for (const name of ['host', 'client']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
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
  const args = ['-D', '-e', '-f', join(folder, 'config')];
  const libraries = join(cacheFolder(), 'sshd/usr/lib/x86_64-linux-gnu');
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: `${libraries}:${join(cacheFolder(), 'sshd/lib/x86_64-linux-gnu')}`,
  };
  const child = needsAccount()
    ? spawn('unshare', ['-m', 'sh', '-c', withAccount(folder), program, ...args], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    : spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
    child.once('error', reject);
  });
  return {
    port,
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
