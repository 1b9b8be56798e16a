import type { PrivilegeChecks } from '../../../streams.ts';
import { ChannelError } from '../../channel-error.ts';

/** PRIVILEGE_CHECKS_USER must be somebody who may. @throws ChannelError with the server's number */
export function demandChecksAccount(
  privileges: PrivilegeChecks,
  { user, host }: { readonly user: string; readonly host: string },
  channel: string,
): void {
  const account = `\`${user}\`@\`${host}\``;
  if (!privileges.exists(user, host)) {
    throw new ChannelError(
      13_124,
      `Error initializing PRIVILEGE_CHECKS_USER for replication channel '${channel}': ${account} is not an existing user.`,
    );
  }
  if (privileges.mayApply(user, host)) return;
  throw new ChannelError(
    13_496,
    `PRIVILEGE_CHECKS_USER for replication channel '${channel}' was set to ${account}, but this user does not have ` +
      'REPLICATION_APPLIER privilege. Correct this before starting the replication threads.',
  );
}
