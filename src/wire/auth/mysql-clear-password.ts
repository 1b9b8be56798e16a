import { SecurityError } from '../../errors/index.ts';
import { sameSecret } from './digest.ts';
import type { AuthPlugin } from './plugin.ts';
import { withNul, withoutNul } from './rsa.ts';
import { sha256Password } from './sha256-password.ts';

/** CR_AUTH_PLUGIN_CANNOT_LOAD */
const AUTH_PLUGIN_CANNOT_LOAD = 2059;
/** CR_AUTH_PLUGIN_ERR */
const AUTH_PLUGIN_ERR = 2061;

/** @throws SecurityError, in the client library's words, where the user has not switched it on */
function refuseUnlessEnabled(isEnabled: boolean): void {
  if (isEnabled) return;
  throw new SecurityError(
    AUTH_PLUGIN_CANNOT_LOAD,
    "Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled",
    {
      code: 'AUTH_CLEARTEXT_DISABLED',
      hint: 'It gives the server the password in clear. If that is right for this account, allow it: LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN=1 in the environment, enableCleartextPlugin in the library.',
    },
  );
}

/** The password and a NUL, in clear. Only where the user switched it on, and only where nobody listens. */
export const mysqlClearPassword: AuthPlugin = {
  name: 'mysql_clear_password',
  nonceLength: 0,
  answersGreeting: false,
  checkChosen: ({ enableCleartextPlugin }) => refuseUnlessEnabled(enableCleartextPlugin),
  client: ({ password, secure, enableCleartextPlugin }) => ({
    answer() {
      refuseUnlessEnabled(enableCleartextPlugin);
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
