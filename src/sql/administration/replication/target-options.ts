import type { StatementCursor } from '../statement-cursor.ts';
import { type PasswordValue, readPassword } from './source-options.ts';

/** CHANGE REPLICATION TARGET TO: where the rows of a channel are applied. Absent: not mentioned. */
export interface TargetOptions {
  readonly targetUrl?: string;
  readonly targetUser?: string;
  readonly targetPassword?: PasswordValue;
  readonly targetSslCa?: string;
  readonly targetSslCapath?: string;
  readonly targetSslCert?: string;
  readonly targetSslKey?: string;
  readonly targetSslCipher?: string;
  readonly targetSslMode?: string;
  readonly targetSslVerifyServerCert?: boolean;
  readonly targetTlsVersion?: string;
  /** `stop`, `skip` or `overwrite`. */
  readonly targetOnConflict?: string;
}

const targetTexts: Readonly<Record<string, keyof TargetOptions>> = {
  TARGET_URL: 'targetUrl',
  TARGET_USER: 'targetUser',
  TARGET_SSL_CA: 'targetSslCa',
  TARGET_SSL_CAPATH: 'targetSslCapath',
  TARGET_SSL_CERT: 'targetSslCert',
  TARGET_SSL_KEY: 'targetSslKey',
  TARGET_SSL_CIPHER: 'targetSslCipher',
  TARGET_SSL_MODE: 'targetSslMode',
  TARGET_TLS_VERSION: 'targetTlsVersion',
  TARGET_ON_CONFLICT: 'targetOnConflict',
};

/** Behind CHANGE REPLICATION TARGET TO. */
export function readTargetOptions(cursor: StatementCursor): TargetOptions {
  const options: Record<string, string | boolean | PasswordValue> = {};
  cursor.list(() => {
    const { word } = cursor;
    if (cursor.accept('TARGET_PASSWORD')) {
      cursor.expectSymbol('=');
      options['targetPassword'] = readPassword(cursor);
      return;
    }
    const key = Object.hasOwn(targetTexts, word) ? targetTexts[word] : undefined;
    if (key === undefined && word !== 'TARGET_SSL_VERIFY_SERVER_CERT') throw cursor.fail();
    cursor.advance();
    cursor.expectSymbol('=');
    if (key === undefined) options['targetSslVerifyServerCert'] = cursor.integer() !== 0;
    else options[key] = cursor.string();
  });
  return options;
}
