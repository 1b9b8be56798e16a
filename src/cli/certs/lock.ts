import { open, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CertificateError, readText } from '../../certificates/index.ts';

const LOCK_FILE = '.lock';

/**
 * Runs an action while no other rowlock changes the folder. A lock whose process is gone (killed, or the machine was
 * restarted) is taken over.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK_FILE);
  const mine = `${process.pid} ${hostname()}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      await makeLock(path, mine);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = (await readText(path, 4096)) ?? '';
      if (attempt > 0 || !(holder === '' ? await isOld(path) : isDead(holder))) {
        throw new CertificateError(
          'CERTIFICATE_AUTHORITY',
          `another rowlock (${holder.trim() || 'starting'}) is changing this authority`,
          {
            context: { file: path },
            hint: 'If no other rowlock is running, remove this file.',
          },
        );
      }
      await rm(path, { force: true });
    }
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function makeLock(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } catch (error) {
    // A full disk: a lock without a name in it would keep everybody out.
    await rm(path, { force: true });
    throw Object.assign(error as Error, { path });
  } finally {
    await handle.close();
  }
}

/** Between making a lock and naming its holder pass milliseconds; what stays nameless was killed there. */
const NAMELESS_MS = 10_000;

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined || Date.now() - found.mtimeMs > NAMELESS_MS;
}

function isDead(holder: string): boolean {
  const [pid = '', host] = holder.trim().split(' ');
  if (host !== hostname() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
