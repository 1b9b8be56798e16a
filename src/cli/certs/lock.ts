import { open, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CertificateError, readText, writeAtomic } from '../../certificates/index.ts';

const LOCK_FILE = '.lock';

/**
 * Runs an action while no other rowlock changes the folder. A lock whose process is gone (killed, or the machine was
 * restarted) is taken over.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK_FILE);
  await take(path, `${process.pid} ${hostname()}\n`);
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** @throws CertificateError another has it */
async function take(path: string, mine: string): Promise<void> {
  if (await makeLock(path, mine)) return;
  const holder = await readText(path, 4096);
  if (holder === undefined || !(await isLeft(path, holder))) throw busy(path, holder);
  // Two that find the same dead holder must not clear each other away: one at a time takes over, and only from whom it found.
  const succession = `${path}.next`;
  await take(succession, mine);
  try {
    const now = await readText(path, 4096);
    if (now === undefined || now !== holder || !(await isLeft(path, now))) throw busy(path, now);
    await writeAtomic(path, { text: mine, mode: 0o600 }, { replace: true });
  } finally {
    await rm(succession, { force: true });
  }
}

function busy(path: string, holder = ''): CertificateError {
  return new CertificateError(
    'CERTIFICATE_AUTHORITY',
    `another rowlock (${holder.trim() || 'starting'}) is changing this authority`,
    {
      context: { file: path },
      hint: 'If no other rowlock is running, remove this file.',
    },
  );
}

/** False: there is one. */
async function makeLock(path: string, text: string): Promise<boolean> {
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(text);
  } catch (error) {
    // A full disk: a lock without a name in it would keep everybody out.
    await rm(path, { force: true });
    throw Object.assign(error as Error, { path });
  } finally {
    await handle.close();
  }
  return true;
}

/** Between making a lock and naming its holder pass milliseconds; what stays nameless was killed there. */
const NAMELESS_MS = 10_000;

async function isLeft(path: string, holder: string): Promise<boolean> {
  if (holder !== '') return isDead(holder);
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
