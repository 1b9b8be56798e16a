import { join } from 'node:path';
import { parsePem } from '../x509/pem.ts';
import { type Authority, foldersOf, publishTrust } from './authority.ts';
import { namesIn, readText, removeTemporaries } from './files.ts';
import { keepOld, recoverPairs } from './pair-folder.ts';
import { publishLists } from './revocations.ts';

/**
 * Brings every file to what the ledger says: the first thing a change does. What a crash left half done is finished when
 * the ledger has it, else put away. Does nothing, and needs no passphrase, when all is in order.
 */
export async function recoverAuthority(authority: Authority): Promise<void> {
  const { folder, ledger } = authority;
  await recoverPairs(authority);
  // A change that was killed leaves what it was writing, which may be a key.
  for (const place of await foldersOf(authority)) await removeTemporaries(place);
  for (const name of await namesIn(folder)) {
    const known = ledger.generations.some(({ keyFile }) => keyFile === name);
    // Made just before a crash, or left behind by the last step of a roll-over.
    if (/^ca-key(-\d+)?\.pem$/.test(name) && !known) await keepOld(authority, join(folder, name), name);
  }
  await publishTrust(authority);
  if (ledger.lists === null) return;
  const lists = parsePem((await readText(join(folder, 'crl.pem'))) ?? '');
  if (lists.length !== ledger.generations.length) await publishLists(authority);
}
