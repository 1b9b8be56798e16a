import { quoteText } from '../../../certificates/index.ts';
import type { DoctorSettings } from '../doctor-settings.ts';
import type { ChannelFacts } from '../facts/channel-facts.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { change, trustedBy } from '../mends/change-channel.ts';
import { type Diagnosis, person, sql } from '../mends/mend.ts';

// What rows and the statements between them need; REPLICATION_APPLIER lets the account set what a log sets.
const APPLIER =
  "CREATE USER IF NOT EXISTS 'applier'@'localhost' ACCOUNT LOCK; " +
  'GRANT REPLICATION_APPLIER, CREATE, ALTER, DROP, INDEX, REFERENCES, INSERT, UPDATE, DELETE ON *.* ' +
  "TO 'applier'@'localhost';";

/** How a report names a channel. */
export function channelLabel({ name, host, port }: ChannelFacts): string {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return name === '' ? `channel to ${target}` : `channel '${name}' to ${target}`;
}

/** Where nobody checks who the source is: what that amounts to. */
function unverified({ ca, verifiesName }: ChannelFacts): string | undefined {
  if (verifiesName && ca !== '') return undefined;
  return ca === ''
    ? 'REQUIRED: nobody checks who the source is'
    : 'VERIFY_CA: any server of this authority is believed';
}

/** Verification without an authority, where that is more than nothing: by server. */
function verifiesAlone(
  facts: ServerFacts,
  { ca, verifiesName }: ChannelFacts,
): Pick<Diagnosis, 'severity' | 'message'> | undefined {
  if (!verifiesName || ca !== '') return undefined;
  const { mariadb, number } = facts;
  if (mariadb) {
    // MariaDB 11.4 and later verify by the account's password.
    if (number[0] > 11 || (number[0] === 11 && number[1] >= 4)) return { severity: 'ok', message: '' };
    return { severity: 'warning', message: 'verifies by the authorities of its system alone' };
  }
  // The client library of MySQL 5.7 and later refuses; the one before looks at the name and nothing else.
  return isMysqlFrom(facts, [5, 7, 0])
    ? { severity: 'critical', message: 'shall verify, and names no authority: it cannot connect' }
    : undefined;
}

/** Settings that encrypt and verify a channel. */
export function securing(facts: ServerFacts, channel: ChannelFacts, settings: DoctorSettings): string[] {
  const ca = channel.ca === '' ? [`SOURCE_SSL_CA=${quoteText(trustedBy(facts, settings))}`] : [];
  return ['SOURCE_SSL=1', ...ca, 'SOURCE_SSL_VERIFY_SERVER_CERT=1'];
}

function checkChannel(facts: ServerFacts, channel: ChannelFacts, settings: DoctorSettings): Diagnosis[] {
  const label = channelLabel(channel);
  const found: Diagnosis[] = [];
  const alone = verifiesAlone(facts, channel);
  const mode = unverified(channel);
  const steps = [change(facts, channel, securing(facts, channel, settings))];
  if (!channel.tls) {
    found.push({
      severity: 'critical',
      code: 'CHANNEL_PLAIN',
      message: `${label} is not encrypted (ssl-mode DISABLED)`,
      steps,
    });
  } else if (alone !== undefined) {
    const { severity, message } = alone;
    if (severity !== 'ok')
      found.push({ severity, code: 'CHANNEL_WITHOUT_CA', message: `${label} ${message}`, steps });
  } else if (mode !== undefined) {
    found.push({
      severity: 'warning',
      code: 'CHANNEL_UNVERIFIED',
      message: `${label} amounts to ssl-mode ${mode}`,
      steps,
    });
  }
  if (channel.error !== '') {
    found.push({
      severity: 'critical',
      code: 'CHANNEL_FAILS',
      message: `${label} stands still: ${channel.error.replaceAll(/\s+/g, ' ')}`,
      steps: [person('Mend what the error names; --source beside --replica finds what does not fit.')],
    });
  }
  if (channel.requireRowFormat === false) {
    found.push({
      severity: 'warning',
      code: 'CHANNEL_STATEMENTS',
      message: `${label} takes more than rows`,
      steps: [change(facts, channel, ['REQUIRE_ROW_FORMAT=1'])],
    });
  }
  if (channel.privilegeChecks === '') {
    found.push({
      severity: 'ok',
      code: 'CHANNEL_ALL_PRIVILEGES',
      message: `${label} applies with every privilege`,
      steps: [sql(APPLIER), change(facts, channel, ["PRIVILEGE_CHECKS_USER='applier'@'localhost'"])],
    });
  }
  return found;
}

/** Each channel of a replica: encrypted, verified, held to rows, with the privileges of an account. */
export function checkChannels(facts: ServerFacts, settings: DoctorSettings): Diagnosis[] {
  return (facts.channels ?? []).flatMap((channel) => checkChannel(facts, channel, settings));
}
