import { readFile } from 'node:fs/promises';
import { SecurityError } from '../errors/index.ts';
import { pemBytes, toPem } from './pem.ts';
import { SSL_CONNECTION_ERROR } from './tls-error.ts';

const LABEL = 'SSL SESSION PARAMETERS';

/** Reads a session saved by {@link sessionText} or by mysql's `ssl_session_data_print`. */
export async function readSession(file: string): Promise<Buffer> {
  let session: Buffer | undefined;
  try {
    session = pemBytes(await readFile(file, 'utf8'), LABEL);
  } catch (cause) {
    throw new SecurityError(SSL_CONNECTION_ERROR, "Can't open the ssl session data file.", {
      cause,
      code: 'TLS_SESSION_UNREADABLE',
      context: { file },
    });
  }
  if (session === undefined || session.length === 0) {
    throw new SecurityError(
      SSL_CONNECTION_ERROR,
      '--ssl-session-data specified but the session was not reused.',
      {
        code: 'TLS_SESSION_UNREADABLE',
        context: { file },
        hint: `'${file}' holds no TLS session in PEM form`,
      },
    );
  }
  return session;
}

/** A session as text to keep. It resumes the conversation's keys: a secret, to be stored as one. */
export function sessionText(session: Uint8Array): string {
  return toPem(session, LABEL);
}
