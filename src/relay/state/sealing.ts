import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants, type FileHandle, open, readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { RowlockError, UsageError } from '../../errors/index.ts';
import type { SecretSource } from '../channel/configuration.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
/** A secret is one line; a file that is longer is something else. */
const SECRET_FILE_LIMIT = 4096;

/** Reads the key, or makes one on the first start: 32 random bytes, for the owner alone. */
export async function openKey(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    const key = randomBytes(KEY_BYTES);
    await handle.writeFile(key);
    await handle.sync();
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await handle?.close();
  }
  handle = await open(file, 'r');
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      throw new UsageError('the key of stored passwords is open to others', {
        context: { file },
        hint: `chmod 600 ${file}; if others may have read it, change the passwords of the channels.`,
      });
    }
    const key = await handle.readFile();
    if (key.length !== KEY_BYTES)
      throw new UsageError(`a key of ${key.length} bytes, not ${KEY_BYTES}`, { context: { file } });
    return key;
  } finally {
    await handle.close();
  }
}

/** Passwords of channels: sealed for the disk, opened for a connection. `purpose` binds a sealed value to its place. */
export class Secrets {
  readonly #key: Buffer;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(key: Buffer, folder: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#key = key;
    this.#folder = folder;
    this.#environment = environment;
  }

  /** AES-256-GCM: 12 bytes of nonce, 16 of tag, the rest. */
  seal(secret: string, purpose: string): Buffer {
    const nonce = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** The secret itself. @throws RowlockError where it cannot be had; the text names the place, never the value */
  async reveal(source: SecretSource | undefined, purpose: string): Promise<string> {
    switch (source?.kind) {
      case undefined:
        return '';
      case 'stored':
        return this.#open(Buffer.from(source.sealed), purpose);
      case 'environment': {
        const value = this.#environment[source.name];
        if (value === undefined)
          throw new RowlockError('SECRET_MISSING', `no environment variable ${source.name}`);
        return value;
      }
      case 'file':
        return this.#readFile(source.path);
    }
  }

  #open(sealed: Buffer, purpose: string): string {
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([
        decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString();
    } catch (cause) {
      throw new RowlockError(
        'SECRET_SEALED',
        `the stored ${purpose} does not open with this folder's secret.key`,
        {
          cause,
          hint: 'Put back the key it was stored with, or give the password again.',
        },
      );
    }
  }

  /** Only inside the data folder: what a statement names is sent to a server somebody else runs. */
  async #readFile(path: string): Promise<string> {
    const file = resolve(this.#folder, path);
    const folder = await realpath(this.#folder);
    const real = await realpath(dirname(file)).then((parent) =>
      join(parent, file.slice(dirname(file).length + 1)),
    );
    const target = await realpath(real);
    if (!target.startsWith(folder + sep)) {
      throw new RowlockError('SECRET_OUTSIDE', 'a file of a secret must lie in the data folder', {
        context: { file },
      });
    }
    const text = await readFile(target, 'utf8');
    if (text.length > SECRET_FILE_LIMIT)
      throw new RowlockError('SECRET_TOO_LONG', `more than ${SECRET_FILE_LIMIT} characters`, {
        context: { file },
      });
    return text.replace(/\r?\n$/, '');
  }
}
