import { isAbsolute, join } from 'node:path';
import { type Authority, openAuthority, recoverAuthority } from '../../certificates/index.ts';
import type { CertsContext, CommonOptions } from './context.ts';
import { withLock } from './lock.ts';
import { findOwner, inheritedOwner } from './owner.ts';
import { passphraseSource } from './passphrase.ts';

/** Environment variable with the authority's folder. */
export const AUTHORITY_VARIABLE = 'ROWLOCK_AUTHORITY';

/** A path as the person meant it: relative to where the command runs. */
export function resolvePath(context: CertsContext, path: string): string {
  return isAbsolute(path) ? path : join(context.cwd, path);
}

/** Folder of the authority: `--authority`, the environment, or the current folder. */
export function authorityFolder(context: CertsContext, options: CommonOptions): string {
  return resolvePath(context, options.authority ?? context.env[AUTHORITY_VARIABLE] ?? '.');
}

/** Opens the authority to read from it. */
export async function readAuthority(context: CertsContext, options: CommonOptions): Promise<Authority> {
  const folder = authorityFolder(context, options);
  return openAuthority(folder, {
    now: context.now,
    passphrase: passphraseSource(context, options),
    owner: options.owner === undefined ? await inheritedOwner(folder) : await findOwner(options.owner),
  });
}

/** Opens the authority to change it: alone, and after finishing what a crash interrupted. */
export async function changeAuthority<T>(
  context: CertsContext,
  options: CommonOptions,
  action: (authority: Authority) => Promise<T>,
): Promise<T> {
  const folder = authorityFolder(context, options);
  // Opened once before the lock, so that a wrong folder is named as such.
  await readAuthority(context, options);
  return withLock(folder, async () => {
    const authority = await readAuthority(context, options);
    await recoverAuthority(authority);
    return action(authority);
  });
}
