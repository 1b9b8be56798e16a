import { arch, platform } from 'node:os';
import type { SslOptions } from '../../tls/index.ts';
import type { CompressionAlgorithm } from '../../wire/index.ts';
import type { Target } from './open-socket.ts';

/** What {@link connect} needs to know. */
export interface ConnectOptions extends Target {
  readonly user: string;
  /** The password of each factor, first factor first. Absent or empty: no password. */
  readonly passwords?: readonly string[];
  readonly schema?: string;
  readonly ssl?: SslOptions;
  /** Plugin to begin with, instead of the one the server greets with. */
  readonly defaultAuth?: string;
  /** The server's RSA key in PEM (`--server-public-key-path`, read). */
  readonly serverPublicKey?: string;
  readonly getServerPublicKey?: boolean;
  readonly enableCleartextPlugin?: boolean;
  /** Algorithms to accept, best first. Default: uncompressed only. */
  readonly compression?: readonly (CompressionAlgorithm | 'uncompressed')[];
  /** 1 to 22, default 3. */
  readonly zstdLevel?: number;
  /** Connection attributes beside the usual ones; a name that is already there is replaced. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Whether an UPDATE counts the rows it found, and not those it changed (CLIENT_FOUND_ROWS). */
  readonly foundRows?: boolean;
  /** Default 45, utf8mb4_general_ci, which every server since 5.5.3 knows. */
  readonly collation?: number;
  /** Until the login is done. Default 30 s; 0 waits for ever. */
  readonly connectTimeoutMs?: number;
  /** Longest silence of the server after the login. Default 0: for ever. */
  readonly readTimeoutMs?: number;
  /** Ends the login, and later the conversation. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
/** What we take in one packet: the servers' own maximum. */
export const MAX_ALLOWED_PACKET = 0x4000_0000;

const OS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macos', win32: 'Win64' };
const PLATFORM: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** What the server shows in performance_schema.session_connect_attrs. */
export function connectionAttributes({ attributes = {} }: ConnectOptions): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      _client_name: 'rowlock',
      _os: OS[platform()] ?? platform(),
      _platform: PLATFORM[arch()] ?? arch(),
      ...attributes,
    }),
  );
}
