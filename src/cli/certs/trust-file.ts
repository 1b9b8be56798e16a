import { CertificateError, parsePem, readText } from '../../certificates/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { CertsContext } from './context.ts';
import { resolvePath } from './open.ts';

/** A file of authorities that was read. */
export interface TrustFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a file of authorities that servers are held against.
 *
 * @throws UsageError for one that is not there or has no certificate; CertificateError with the file's name for a torn one
 */
export async function readTrustFile(context: CertsContext, name: string): Promise<TrustFile> {
  const path = resolvePath(context, name);
  const text = await readText(path);
  if (text === undefined) throw new UsageError(`no such file: ${name}`);
  try {
    if (parsePem(text).some(({ kind }) => kind === 'certificate')) return { path, text };
  } catch (error) {
    throw error instanceof CertificateError ? error.at({ file: path }) : error;
  }
  throw new UsageError(`no certificate in PEM form in ${name}`);
}
