import { cachingSha2Password } from './caching-sha2-password.ts';
import { clientEd25519 } from './client-ed25519.ts';
import { mysqlClearPassword } from './mysql-clear-password.ts';
import { mysqlNativePassword } from './mysql-native-password.ts';
import { parsec } from './parsec.ts';
import type { AuthPlugin } from './plugin.ts';
import { sha256Password } from './sha256-password.ts';

export { makeNonce } from './digest.ts';
export type {
  AuthPlugin,
  ClientContext,
  ClientConversation,
  ServerContext,
  ServerConversation,
  ServerStep,
} from './plugin.ts';

/** Every plugin spoken here. One line a plugin. */
const plugins: readonly AuthPlugin[] = [
  cachingSha2Password,
  mysqlNativePassword,
  sha256Password,
  mysqlClearPassword,
  clientEd25519,
  parsec,
];

const byName: ReadonlyMap<string, AuthPlugin> = new Map(plugins.map((plugin) => [plugin.name, plugin]));

/** The plugin the servers call `name`; undefined where it is not spoken here. */
export function authPlugin(name: string): AuthPlugin | undefined {
  return byName.get(name);
}

/** What MySQL's clients and servers start with since 8.0.4. */
export const DEFAULT_PLUGIN: AuthPlugin = cachingSha2Password;
