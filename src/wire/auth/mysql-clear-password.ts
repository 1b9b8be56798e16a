import { SecurityError } from '../../errors/index.ts';
import { sameSecret } from './digest.ts';
import type { AuthPlugin } from './plugin.ts';
import { withNul, withoutNul } from './rsa.ts';
import { sha256Password } from './sha256-password.ts';

/** CR_AUTH_PLUGIN_CANNOT_LOAD */
const AUTH_PLUGIN_CANNOT_LOAD = 2059;
/** CR_AUTH_PLUGIN_ERR */
const AUTH_PLUGIN_ERR = 2061;

/** The password and a NUL, in clear. Only where the user switched it on, and only where nobody listens. */
export const mysqlClearPassword: AuthPlugin = {
  name: 'mysql_clear_password',
  nonceLength: 0,
  answersGreeting: false,
  client: ({ password, secure, enableCleartextPlugin }) => ({
    answer() {
      if (!enableCleartextPlugin) {
        throw new SecurityError(
          AUTH_PLUGIN_CANNOT_LOAD,
          "Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
          {
            code: 'AUTH_CLEARTEXT_DISABLED',
            hint: 'The server asks for the password in clear. If that is right for this account, allow it with --enable-cleartext-plugin.',
          },
        );
      }
      if (!secure) {
        throw new SecurityError(
          AUTH_PLUGIN_ERR,
          "Authentication plugin 'mysql_clear_password' reported error: Authentication requires secure connection.",
          {
            code: 'AUTH_NEEDS_TLS',
            hint: 'The password would cross the network readable for everybody: use TLS.',
          },
        );
      }
      return withNul(password);
    },
  }),
  // What arrives in clear can be held against any stored form; the one of sha256_password is as good as the next.
  server: (context, nonce) => ({
    receive(data) {
      if (!context.secure) return { accepted: false };
      const password = withoutNul(data);
      if (password === undefined) return { accepted: false };
      if (context.credential === '') return { accepted: sameSecret(password, Buffer.alloc(0)) };
      return sha256Password.server(context, nonce).receive(data);
    },
  }),
  credential: (password) => sha256Password.credential(password),
};
