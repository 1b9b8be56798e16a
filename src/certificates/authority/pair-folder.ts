import type { KeyObject } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatKey } from '../x509/keys.ts';
import { type Authority, save, trustBundle } from './authority.ts';
import { exists, makeFolder, modes, namesIn, readText, syncFolder, writeAtomic } from './files.ts';
import { type PairKind, type PairRecord, pairKinds } from './ledger.ts';

/** Names of the files of a pair, as MySQL expects them. */
export const pairFiles: Readonly<Record<PairKind, { readonly certificate: string; readonly key: string }>> = {
  server: { certificate: 'server-cert.pem', key: 'server-key.pem' },
  user: { certificate: 'client-cert.pem', key: 'client-key.pem' },
};

/** Folder of a pair inside the authority. */
export function pairFolder(authority: Authority, kind: PairKind, name: string): string {
  return join(authority.folder, `${kind}s`, name);
}

/**
 * Puts a pair in force. It changes as a whole folder: built aside as `.NAME.part`, complete as `.NAME.ready`, true once the
 * ledger has its certificate, then renamed into place. recoverPairs() knows from these names how far a crash let it come.
 */
export async function place(authority: Authority, record: PairRecord, key?: KeyObject): Promise<void> {
  const folder = pairFolder(authority, record.kind, record.name);
  const parent = dirname(folder);
  const part = join(parent, `.${record.name}.part`);
  const ready = join(parent, `.${record.name}.ready`);
  const { owner } = authority;
  await makeFolder(parent, owner);
  await rm(part, { recursive: true, force: true });
  await makeFolder(part, owner);
  const files = pairFiles[record.kind];
  const lists = await readText(join(authority.folder, 'crl.pem'));
  await writeAtomic(
    join(part, 'ca.pem'),
    { text: trustBundle(authority.ledger), mode: modes.certificate },
    { owner },
  );
  await writeAtomic(
    join(part, files.certificate),
    { text: record.certificate, mode: modes.certificate },
    { owner },
  );
  if (key !== undefined) {
    await writeAtomic(
      join(part, files.key),
      { text: formatKey(key, record.keyForm), mode: modes.key },
      { owner },
    );
  }
  if (lists !== undefined)
    await writeAtomic(join(part, 'crl.pem'), { text: lists, mode: modes.certificate }, { owner });
  await rename(part, ready);
  await syncFolder(parent);
  const others = authority.ledger.pairs.filter(
    ({ kind, name }) => kind !== record.kind || name !== record.name,
  );
  await save(authority, { pairs: [...others, record] });
  await settle(authority, record.kind, record.name);
}

async function settle(authority: Authority, kind: PairKind, name: string): Promise<void> {
  const folder = pairFolder(authority, kind, name);
  if (await exists(folder)) await keepOld(authority, folder, join(`${kind}s`, name));
  await rename(join(dirname(folder), `.${name}.ready`), folder);
  await syncFolder(dirname(folder));
}

/** Finishes the change of pairs that a crash interrupted after the ledger had it, and drops what it had not. */
export async function recoverPairs(authority: Authority): Promise<void> {
  for (const kind of pairKinds) {
    const parent = join(authority.folder, `${kind}s`);
    for (const entry of await namesIn(parent)) {
      const match = /^\.(.+)\.(part|ready)$/.exec(entry);
      const name = match?.[1];
      if (match === null || name === undefined) continue;
      const record = authority.ledger.pairs.find((pair) => pair.kind === kind && pair.name === name);
      const text = await readText(join(parent, entry, pairFiles[kind].certificate));
      if (match[2] === 'ready' && text !== undefined && text === record?.certificate)
        await settle(authority, kind, name);
      else await rm(join(parent, entry), { recursive: true, force: true });
    }
  }
}

/** Moves a file or folder to `old-keys/DATE/…`; nothing is ever deleted from there. Returns the new path. */
export async function keepOld(authority: Authority, path: string, name: string): Promise<string> {
  const stamp = authority
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  for (let attempt = 1; ; attempt++) {
    const target = join(authority.folder, 'old-keys', attempt === 1 ? stamp : `${stamp}.${attempt}`, name);
    if (await exists(target)) continue;
    await makeFolder(dirname(target), authority.owner);
    await rename(path, target);
    await syncFolder(dirname(target));
    return target;
  }
}
