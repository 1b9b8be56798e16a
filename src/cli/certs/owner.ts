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

async function lookUp(file: string, name: string): Promise<string[] | undefined> {
  const lines = ((await readText(file)) ?? '').split('\n').map((line) => line.split(':'));
  return lines.find((fields) => fields[0] === name);
}
