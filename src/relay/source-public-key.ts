import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConnectionError } from '../errors/index.ts';
import type { ChannelConfiguration } from './channel/configuration.ts';

/** CR_AUTH_PLUGIN_ERR */
const CR_AUTH_PLUGIN_ERR = 2061;

/**
 * SOURCE_PUBLIC_KEY_PATH: what the password is encrypted with where there is no TLS. Read at every attempt. Without a key in it, the
 * channel goes without, as a replica does, and the log says so.
 */
export async function publicKeyOf(
  { sourcePublicKeyPath, sourceSsl }: ChannelConfiguration,
  folder: string,
  report: (error: unknown) => void,
): Promise<string | undefined> {
  if (sourcePublicKeyPath === '' || sourceSsl) return undefined;
  const path = resolve(folder, sourcePublicKeyPath);
  try {
    const pem = await readFile(path, 'latin1');
    createPublicKey(pem);
    return pem;
  } catch (cause) {
    report(new ConnectionError(CR_AUTH_PLUGIN_ERR, `Can't locate server public key '${path}'`, { cause }));
    return undefined;
  }
}
