import { ConnectionError } from '../../errors/index.ts';
import { Capability, type CompressionAlgorithm, has } from '../../wire/index.ts';
import { ClientErrno } from '../client-errors.ts';
import type { ConnectOptions } from './connect-options.ts';

const C = Capability;

/**
 * Always wanted. LONG_PASSWORD tells MariaDB not to expect its extended capabilities: progress reports, which come between the packets
 * of an answer, and what serves prepared statements and bulk loads; a reader of logs has neither. DEPRECATE_EOF, SESSION_TRACK and
 * QUERY_ATTRIBUTES are left out: replication gains nothing from them, and every server then speaks alike.
 */
const WANTED =
  C.LONG_PASSWORD |
  C.LONG_FLAG |
  C.PROTOCOL_41 |
  C.TRANSACTIONS |
  C.SECURE_CONNECTION |
  C.MULTI_RESULTS |
  C.PS_MULTI_RESULTS |
  C.PLUGIN_AUTH |
  C.CONNECT_ATTRS |
  C.PLUGIN_AUTH_LENENC |
  C.MULTI_FACTOR_AUTHENTICATION;

/** What client and server can do together. */
export interface Negotiated {
  readonly capabilities: number;
  readonly compression: CompressionAlgorithm | undefined;
}

const COMPRESSION_FLAG = { zlib: C.COMPRESS, zstd: C.ZSTD_COMPRESSION } as const;

function chooseCompression(
  offered: number,
  { compression }: ConnectOptions,
): CompressionAlgorithm | undefined {
  if (compression === undefined) return undefined;
  for (const algorithm of compression) {
    if (algorithm === 'uncompressed') return undefined;
    if (has(offered, COMPRESSION_FLAG[algorithm])) return algorithm;
  }
  throw new ConnectionError(
    ClientErrno.CR_COMPRESSION_WRONGLY_CONFIGURED,
    'Connection failed due to wrongly configured compression algorithm',
    {
      code: 'CONNECTION_COMPRESSION',
      hint:
        compression.length === 0
          ? 'Known are zlib, zstd and uncompressed, separated by commas.'
          : `The server offers none of: ${compression.join(', ')}.`,
    },
  );
}

/** Chooses from what the server offers. `tls`: whether the conversation is going to be encrypted. */
export function negotiate(offered: number, options: ConnectOptions, tls: boolean): Negotiated {
  if (!has(offered, C.PROTOCOL_41 | C.SECURE_CONNECTION)) {
    throw new ConnectionError(
      ClientErrno.CR_VERSION_ERROR,
      'the server speaks the protocol before MySQL 4.1, which cannot be used',
    );
  }
  const compression = chooseCompression(offered, options);
  const own =
    WANTED |
    (options.schema === undefined ? 0 : C.CONNECT_WITH_DB) |
    (tls ? C.SSL : 0) |
    (options.foundRows === true ? C.FOUND_ROWS : 0) |
    (compression === undefined ? 0 : COMPRESSION_FLAG[compression]);
  // Servers before 5.7 do not offer LONG_PASSWORD's neighbours; MariaDB never offers LONG_PASSWORD itself.
  return { capabilities: ((own & offered) | C.LONG_PASSWORD) >>> 0, compression };
}
