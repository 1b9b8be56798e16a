import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Owner, readText } from '../../certificates/index.ts';
import { UsageError } from '../../errors/index.ts';

/**
 * Numbers of `user`, `user:group`, `uid:gid` from the system's account files.
 *
 * @throws UsageError for a name the system does not have
 */
export async function findOwner(text: string): Promise<Owner> {
  const [user = '', group] = text.split(':', 2);
  const account = await lookUp('/etc/passwd', user);
  const uid = account?.[2] ?? user;
  const gid =
    group === undefined ? (account?.[3] ?? uid) : ((await lookUp('/etc/group', group))?.[2] ?? group);
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) throw new UsageError(`no such owner: ${text}`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** For root alone, who may give files away: the owner of the folder, so that what root did there stays theirs. */
export async function inheritedOwner(folder: string): Promise<Owner | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const found = await stat(folder).catch(() => undefined);
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

async function lookUp(file: string, name: string): Promise<string[] | undefined> {
  const lines = ((await readText(file)) ?? '').split('\n').map((line) => line.split(':'));
  return lines.find((fields) => fields[0] === name);
}
