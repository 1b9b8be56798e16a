import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../store/index.ts';
import { CertificateError } from '../../tls/index.ts';
import { limits } from '../x509/limits.ts';

/** Modes MySQL expects: keys and their folders for the owner alone, certificates for everybody. */
export const modes = { folder: 0o700, key: 0o600, certificate: 0o644 } as const;

/** A numeric owner for new files; undefined leaves what the system gives. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What a file shall be. */
export interface FileImage {
  readonly text: string;
  readonly mode: number;
}

/**
 * Writes a file so that a reader or a crash sees the old content or the new, never a part: a temporary beside it, its
 * bytes and the folder's entry forced to disk, then a rename. Without `replace` an existing file is an error.
 */
export async function writeAtomic(
  path: string,
  image: FileImage,
  options: { readonly replace?: boolean; readonly owner?: Owner | undefined } = {},
): Promise<void> {
  if (options.replace !== true) await refuseExisting(path);
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.rowlock-new`);
  try {
    const handle = await open(temporary, 'wx', image.mode);
    try {
      await handle.writeFile(image.text);
      // The process's umask may have taken bits away; none may be added to a key, so this runs before the rename.
      await handle.chmod(image.mode);
      if (options.owner !== undefined) await handle.chown(options.owner.uid, options.owner.gid);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Neither a write nor a temporary name says which file it was for.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
  await syncFolder(dirname(path));
}

/** Removes what writeAtomic() left in a folder when it was killed. Nobody else may be writing there. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (/^\.[0-9a-f]{12}\.rowlock-new$/.test(name)) await rm(join(folder, name));
  }
}

/** Forces a folder's entries to disk where the system can (Windows cannot open a folder). */
export async function syncFolder(path: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder for the owner alone. An existing folder is accepted and left as it is. */
export async function makeFolder(path: string, owner?: Owner): Promise<void> {
  const made = await makeFolders(path, modes.folder);
  if (made === undefined) return;
  // Those made above it as well.
  for (let folder = path; folder.startsWith(made); folder = dirname(folder)) {
    await chmod(folder, modes.folder);
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  }
}

/** True when something, a dangling link included, has this name. */
export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(absent)) !== undefined;
}

/** Content of a text file, bounded; undefined when there is none. */
export async function readText(
  path: string,
  largest: number = limits.pemFileBytes,
): Promise<string | undefined> {
  const found = await stat(path).catch(absent);
  if (found === undefined) return undefined;
  if (found.size > largest) {
    throw new CertificateError('CERTIFICATE_FORMAT', `file of ${found.size} bytes exceeds ${largest}`, {
      context: { file: path },
    });
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  });
  return bytes.toString('utf8');
}

/** Names in a folder, sorted; empty when there is none. */
export async function namesIn(path: string): Promise<string[]> {
  return ((await readdir(path).catch(absent)) ?? []).toSorted();
}

async function refuseExisting(path: string): Promise<void> {
  if (await exists(path)) {
    throw new CertificateError('CERTIFICATE_EXISTS', 'file exists and is never overwritten', {
      context: { file: path },
      hint: 'Move it away, or renew it with certs rotate, which keeps the old one under old-keys/.',
    });
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
