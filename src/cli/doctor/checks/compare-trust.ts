import {
  accountName,
  accountStatements,
  examinePair,
  formatPem,
  inspectCertificate,
  matchesHost,
  type PemBlock,
  parsePem,
  quoteText,
} from '../../../certificates/index.ts';
import { type Account, requireStatement } from '../../certs/accounts.ts';
import { blocksOf } from '../../certs/survey/entry.ts';
import { shellWord } from '../../shell-word.ts';
import type { DoctorSettings } from '../doctor-settings.ts';
import type { Demand } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { change } from '../mends/change-channel.ts';
import { person, type Step, shell, sql } from '../mends/mend.ts';
import { deployStep, needAuthority, newPair, presentFolder } from '../mends/new-pair.ts';
import { channelLabel, securing } from './check-channels.ts';
import { fromSource, type Pair, type PairFinding, serverLabel } from './pairing.ts';

/** Whether the source lets the channel in as it comes. */
export function compareTransport(pair: Pair, settings: DoctorSettings): PairFinding[] {
  const { source, replica, channel } = pair;
  if (channel.tls || source.variables?.get('require_secure_transport') !== 'ON') return [];
  return [
    {
      on: 'replica',
      severity: 'critical',
      code: 'SOURCE_DEMANDS_TLS',
      message: `${channelLabel(channel)} is plain, and the source has require_secure_transport`,
      steps: [change(replica, channel, securing(replica, channel, settings))],
    },
  ];
}

/** Whether the certificate of the source is good for the name that the channel verifies. */
export function compareName(pair: Pair, settings: DoctorSettings): PairFinding[] {
  const { source, replica, channel } = pair;
  const [leaf] = source.look.served;
  if (leaf === undefined || !channel.tls || !channel.verifiesName) return [];
  const view = inspectCertificate(leaf.raw);
  const byCommonName = !replica.mariadb && !isMysqlFrom(replica, [5, 7, 0]);
  if (byCommonName ? view.commonName === channel.host : matchesHost(view, channel.host)) return [];
  return [
    {
      on: 'source',
      severity: 'critical',
      code: 'CHANNEL_NAME_MISMATCH',
      message: `${fromSource(pair)} asks for ${channel.host}, and the certificate is not for that name${byCommonName ? ' (this version looks at the common name alone)' : ''}`,
      steps: newPair(source, settings, { host: channel.host, byCommonName }),
    },
  ];
}

/** Whether the authorities that the channel trusts signed the certificate of the source. */
export function compareAuthority(pair: Pair, settings: DoctorSettings): PairFinding[] {
  const { source, replica, channel } = pair;
  const chain = source.look.served.map(({ raw }) => formatPem('CERTIFICATE', raw)).flatMap(parsePem);
  const file = replica.files?.ofChannels.get(channel.ca);
  if (!channel.tls || channel.ca === '' || chain.length === 0 || file === undefined) return [];
  const reasons = (trust: readonly PemBlock[]): string[] =>
    examinePair({ role: 'server', chain, trust }, settings)
      .filter(({ code }) => code !== 'CHAIN_NOT_SENT')
      .map(({ message }) => message);
  const trusted = blocksOf(file, 'certificate');
  const [why] = trusted.length === 0 ? file.findings.map(({ message }) => message) : reasons(trusted);
  if (why === undefined) return [];
  const right = [
    { path: replica.files?.trust?.path, trust: blocksOf(replica.files?.trust, 'certificate') },
    { path: settings.trustPath, trust: parsePem(settings.trust ?? '') },
  ].find(({ path, trust }) => path !== undefined && trust.length > 0 && reasons(trust).length === 0);
  return [
    {
      on: 'replica',
      severity: 'critical',
      code: 'CHANNEL_UNTRUSTED',
      message: `${channelLabel(channel)} trusts ${channel.ca}: ${why}`,
      steps:
        right?.path === undefined
          ? [
              person(
                `Bring the file of the authority that signed ${serverLabel(source)} here, and name it as SOURCE_SSL_CA.`,
              ),
            ]
          : [change(replica, channel, [`SOURCE_SSL_CA=${quoteText(right.path)}`])],
    },
  ];
}

/** A certificate for the channel to show, where the authority has none for its account. */
function ownCertificate(
  { replica, channel }: Pair,
  settings: DoctorSettings,
  demand: Demand | undefined,
): Step[] {
  const { authority } = settings;
  const folder = presentFolder(replica) ?? settings.folder;
  const known = authority.ledger?.pairs.some(({ kind, name }) => kind === 'user' && name === channel.user);
  const subject =
    demand === undefined || demand.subject === '' ? '' : ` --subject ${shellWord(demand.subject)}`;
  return [
    ...needAuthority(replica, settings),
    ...(known === true
      ? []
      : [shell(`rowlock certs user ${shellWord(channel.user)}${subject}${authority.flag}`)]),
    deployStep(replica, settings, folder, { kind: 'user', name: channel.user }),
    change(replica, channel, [
      ...securing(replica, channel, settings),
      `SOURCE_SSL_CERT=${quoteText(`${folder}/client-cert.pem`)}`,
      `SOURCE_SSL_KEY=${quoteText(`${folder}/client-key.pem`)}`,
    ]),
  ];
}

/** The first account of this name that demands another certificate than the channel shows. */
function compareDemand(pair: Pair, account: Account): PairFinding[] {
  const { source, replica, channel } = pair;
  const demand = source.demands.get(account.quoted);
  const [block] = blocksOf(replica.files?.ofChannels.get(channel.certificate), 'certificate');
  if (demand === undefined || block === undefined) return [];
  const view = inspectCertificate(block.der);
  const fits = [view, view.oldForm].some(
    ({ subject, issuer }) => ['', subject].includes(demand.subject) && ['', issuer].includes(demand.issuer),
  );
  if (fits) return [];
  // Servers linked with OpenSSL 1 compare names in the form without escapes.
  const form = /OpenSSL 1\./.test(source.variables?.get('version_ssl_library') ?? '') ? view.oldForm : view;
  const { alter, grant } = accountStatements(account.quoted, form, 'subject-issuer');
  const wants = [demand.subject, demand.issuer].filter((text) => text !== '').join(' by ');
  const old = requireStatement(source.version, account.quoted, 'SSL').startsWith('GRANT');
  return [
    {
      on: 'source',
      severity: 'critical',
      code: 'CHANNEL_CERTIFICATE_REFUSED',
      message: `${account.quoted} must show ${wants}; ${fromSource(pair)} shows ${view.subject} by ${view.issuer}`,
      steps: [sql(old ? grant : alter)],
    },
  ];
}

/** Whether the account of the channel may log in with what the channel shows, and may replicate. */
export function compareAccount(pair: Pair, settings: DoctorSettings): PairFinding[] {
  const { source, channel } = pair;
  if (source.accounts === undefined || channel.user === '') return [];
  const named = source.accounts.filter(({ user }) => user === channel.user);
  const [account] = named;
  if (account === undefined) {
    const who = accountName(channel.user, '%');
    return [
      {
        on: 'source',
        severity: 'critical',
        code: 'CHANNEL_ACCOUNT_MISSING',
        message: `${fromSource(pair)} logs in as ${quoteText(channel.user)}, and there is no such account`,
        steps: [
          sql(`CREATE USER ${who} IDENTIFIED BY 'NEW-PASSWORD';`),
          sql(`GRANT REPLICATION SLAVE ON *.* TO ${who};`),
          sql(requireStatement(source.version, who, 'SSL')),
        ],
      },
    ];
  }
  const found: PairFinding[] = [];
  if (!named.some(({ replicates }) => replicates)) {
    found.push({
      on: 'source',
      severity: 'critical',
      code: 'CHANNEL_ACCOUNT_POWERLESS',
      message: `${fromSource(pair)} logs in as ${account.quoted}, which may not replicate`,
      steps: [sql(`GRANT REPLICATION SLAVE ON *.* TO ${account.quoted};`)],
    });
  }
  if (!named.every(({ sslType }) => sslType === 'X509' || sslType === 'SPECIFIED')) return found;
  if (channel.certificate === '') {
    found.push({
      on: 'replica',
      severity: 'critical',
      code: 'CHANNEL_WITHOUT_CERTIFICATE',
      message: `${channelLabel(channel)} shows no certificate, and ${account.quoted} on ${serverLabel(source)} demands one`,
      steps: ownCertificate(pair, settings, source.demands.get(account.quoted)),
    });
    return found;
  }
  const refusals = named.map((one) => compareDemand(pair, one));
  if (refusals.every((list) => list.length > 0)) found.push(...(refusals[0] ?? []));
  return found;
}
