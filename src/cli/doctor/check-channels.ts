import { type Finding, quoteText } from '../../certificates/index.ts';
import type { ChannelFacts, ServerFacts } from './facts.ts';

/** Statements that change settings of a channel, in the words of the server's version; settings are given in MySQL's. */
function change(
  { mariadb, number: [major, minor, patch] }: ServerFacts,
  { name }: ChannelFacts,
  settings: readonly string[],
): string {
  // CHANGE REPLICATION SOURCE TO came with MySQL 8.0.23.
  const modern = !mariadb && (major > 8 || (major === 8 && (minor > 0 || patch >= 23)));
  const list = settings.map((text) => (modern ? text : text.replace('SOURCE_', 'MASTER_'))).join(', ');
  const end = !mariadb && name !== '' ? ` FOR CHANNEL ${quoteText(name)}` : '';
  const first = mariadb && name !== '' ? ` ${quoteText(name)}` : '';
  const [thread, statement] = modern
    ? ['REPLICA', 'CHANGE REPLICATION SOURCE TO']
    : ['SLAVE', `CHANGE MASTER${first} TO`];
  return `STOP ${thread}${first}${end}; ${statement} ${list}${end}; START ${thread}${first}${end};`;
}

// What rows and the statements between them need; REPLICATION_APPLIER lets the account set what a log sets.
const APPLIER =
  "CREATE USER IF NOT EXISTS 'applier'@'localhost' ACCOUNT LOCK; " +
  'GRANT REPLICATION_APPLIER, CREATE, ALTER, DROP, INDEX, REFERENCES, INSERT, UPDATE, DELETE ON *.* ' +
  "TO 'applier'@'localhost'; ";

function checkChannel(facts: ServerFacts, channel: ChannelFacts): Finding[] {
  const label =
    channel.name === '' ? `channel to ${channel.host}` : `channel '${channel.name}' to ${channel.host}`;
  // A fleet has one authority: what this server trusts is what its source is signed by.
  const trusted = facts.variables?.get('ssl_ca') || '/etc/mysql/tls/ca.pem';
  const ca = channel.ca === '' ? [`SOURCE_SSL_CA=${quoteText(trusted)}`] : [];
  const verify = [...ca, 'SOURCE_SSL_VERIFY_SERVER_CERT=1'];
  const found: Finding[] = [];
  if (!channel.tls) {
    found.push({
      severity: 'critical',
      code: 'CHANNEL_PLAIN',
      message: `${label} is not encrypted (ssl-mode DISABLED)`,
      mend: change(facts, channel, ['SOURCE_SSL=1', ...verify]),
    });
  } else if (channel.ca === '' || !channel.verifiesName) {
    const mode =
      channel.ca === ''
        ? 'REQUIRED: nobody checks who the source is'
        : 'VERIFY_CA: any server of this authority is believed';
    found.push({
      severity: 'warning',
      code: 'CHANNEL_UNVERIFIED',
      message: `${label} amounts to ssl-mode ${mode}`,
      mend: change(facts, channel, verify),
    });
  }
  if (channel.requireRowFormat === false) {
    found.push({
      severity: 'warning',
      code: 'CHANNEL_STATEMENTS',
      message: `${label} takes more than rows`,
      mend: change(facts, channel, ['REQUIRE_ROW_FORMAT=1']),
    });
  }
  if (channel.privilegeChecks === '') {
    found.push({
      severity: 'warning',
      code: 'CHANNEL_ALL_PRIVILEGES',
      message: `${label} applies with every privilege`,
      mend: `${APPLIER}${change(facts, channel, ["PRIVILEGE_CHECKS_USER='applier'@'localhost'"])}`,
    });
  }
  return found;
}

/** Each channel of a replica: encrypted, verified, held to rows, with the privileges of an account. */
export function checkChannels(facts: ServerFacts): Finding[] {
  return (facts.channels ?? []).flatMap((channel) => checkChannel(facts, channel));
}
