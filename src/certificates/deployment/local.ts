import {
  chmod,
  chown,
  copyFile,
  lstat,
  open,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../store/index.ts';
import { exists, namesIn, type Owner, syncFolder } from '../authority/files.ts';
import { deployedNames, type FoundKind, STORE, type Step, type TargetState } from './plan.ts';

/** Looks at a target folder on this machine. */
export async function lookLocal(folder: string): Promise<TargetState> {
  const entries = await namesIn(folder);
  const names = new Map<string, FoundKind>();
  for (const name of deployedNames) {
    if (entries.includes(name)) names.set(name, (await isOurs(join(folder, name), name)) ? 'link' : 'plain');
  }
  const store = join(folder, STORE);
  const current = await readlink(join(store, 'current')).catch(() => undefined);
  const generations = (await namesIn(store)).filter((name) => name !== 'current' && !isBeside(name));
  return {
    exists: await exists(folder),
    dataFolder: entries.includes('ibdata1') || entries.includes('mysql.ibd'),
    names,
    current,
    generations: generations.filter((name) => !isTorn(name)),
    torn: generations.filter(isTorn),
    kept: current === undefined ? [] : await readdir(join(store, current)).catch(() => []),
  };
}

const isTorn = (name: string): boolean => name.endsWith('.part');
const isBeside = (name: string): boolean => name.endsWith('.rowlock-new');

async function isOurs(path: string, name: string): Promise<boolean> {
  return (await readlink(path).catch(() => '')) === `${STORE}/current/${name}`;
}

/** Takes steps on this machine. `limit` stops after so many: what an interruption leaves. */
export async function takeSteps(
  folder: string,
  steps: readonly Step[],
  owner?: Owner,
  limit: number = steps.length,
): Promise<void> {
  for (const step of steps.slice(0, limit)) await takers[step.do](folder, step as never, owner);
}

const takers: {
  readonly [K in Step['do']]: (
    folder: string,
    step: Extract<Step, { do: K }>,
    owner: Owner | undefined,
  ) => Promise<void>;
} = {
  folder: async (folder, { path }, owner) => {
    const target = join(folder, path);
    if (await exists(target)) return;
    const first = await makeFolders(target, 0o755);
    // Whatever the umask: the server's own account must enter the folder, and those made above it.
    for (let made = target; made.startsWith(first ?? target); made = dirname(made)) await chmod(made, 0o755);
    if (owner !== undefined) await chown(target, owner.uid, owner.gid);
  },
  copy: async (folder, { from, to }) => {
    const [source, target] = [join(folder, from), join(folder, to)];
    const { mode, uid, gid } = await stat(source);
    await copyFile(source, target);
    await settle(target, mode & 0o777, { uid, gid });
  },
  write: async (folder, { path, text, mode }, owner) => {
    const target = join(folder, path);
    const handle = await open(target, 'wx', mode);
    try {
      await handle.writeFile(text);
    } catch (error) {
      throw Object.assign(error as Error, { path: target });
    } finally {
      await handle.close();
    }
    await settle(target, mode, owner);
  },
  link: async (folder, { path, to }) => {
    const target = join(folder, path);
    const beside = `${target}.rowlock-new`;
    await rm(beside, { force: true });
    await symlink(to, beside);
    await rename(beside, target);
  },
  rename: (folder, { from, to }) => rename(join(folder, from), join(folder, to)),
  remove: (folder, { path }) => rm(join(folder, path), { recursive: true, force: true }),
  sync: async (folder) => {
    for (const path of [folder, join(folder, STORE)]) await syncFolder(path);
    const store = join(folder, STORE);
    for (const name of await namesIn(store)) {
      if ((await lstat(join(store, name))).isDirectory()) await syncFolder(join(store, name));
    }
  },
};

/** Mode and owner of a file, then its bytes forced to disk. */
async function settle(path: string, mode: number, owner: Owner | undefined): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.chmod(mode);
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid).catch(refusedOwner(path));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copying what another account owned keeps our own as owner when we may not give files away. */
function refusedOwner(path: string): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== 'EPERM') throw Object.assign(error, { path: dirname(path) });
  };
}
