import { readFile } from 'node:fs/promises';
import { SecurityError } from '../errors/index.ts';
import { pemBytes, toPem } from './pem.ts';
import { SSL_CONNECTION_ERROR } from './tls-error.ts';

const LABEL = 'SSL SESSION PARAMETERS';

/**
 * Reads a session saved by {@link sessionText} or by mysql's `ssl_session_data_print`. Undefined: what is in the file is none, which is as a
 * session that the server does not resume.
 *
 * @throws SecurityError where the file cannot be read, or is empty
 */
export async function readSession(file: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable('open', file, cause);
  }
  if (text === '') throw unreadable('read', file);
  const session = pemBytes(text, LABEL);
  return session === undefined || session.length === 0 ? undefined : session;
}

function unreadable(what: 'open' | 'read', file: string, cause?: unknown): SecurityError {
  return new SecurityError(SSL_CONNECTION_ERROR, `Can't ${what} the ssl session data file.`, {
    cause,
    code: 'TLS_SESSION_UNREADABLE',
    context: { file },
  });
}

/** What was to be resumed was not. `strange`: the file that holds no session. */
export function sessionNotReused(strange?: string): SecurityError {
  const words = '--ssl-session-data specified but the session was not reused.';
  const code = 'TLS_SESSION_NOT_REUSED';
  if (strange === undefined) return new SecurityError(SSL_CONNECTION_ERROR, words, { code });
  const hint = `'${strange}' holds no TLS session in PEM form`;
  return new SecurityError(SSL_CONNECTION_ERROR, words, { code, context: { file: strange }, hint });
}

/** A session as text to keep. It resumes the conversation's keys: a secret, to be stored as one. */
export function sessionText(session: Uint8Array): string {
  return toPem(session, LABEL);
}
