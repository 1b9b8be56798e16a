import { RowlockError, ServerError } from '../../../errors/index.ts';
import type { ReplicationStatement, TargetOptions } from '../../../sql/index.ts';
import { type ConflictRule, parseTargetUrl } from '../../../target/index.ts';
import { parseSslMode } from '../../../tls/index.ts';
import type { ChannelTarget } from '../../channel/configuration.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demandReplicationAdmin, type Relay } from '../context.ts';
import { applierMustStop, impliedChannel, store } from './implied-channel.ts';
import { channelNamed } from './replica-status.ts';
import { sealedPassword } from './sealed-password.ts';

type ChangeTarget = Extract<ReplicationStatement, { kind: 'changeTarget' }>;

const refuse = (option: string): ServerError =>
  new ServerError(1210, 'HY000', `Incorrect arguments to ${option}`);

/** What binds a stored password to the target of its channel. */
export const targetPasswordPurpose = (channel: string): string => `target password of channel '${channel}'`;

/** CHANGE REPLICATION TARGET TO: where the rows of a channel go. */
export async function changeTarget(statement: ChangeTarget, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const { relay } = context;
  const channel = impliedChannel(context, statement.channel);
  const control = channelNamed(relay, channel);
  if (control.status().applier.state !== 'OFF') throw applierMustStop(channel);
  const { configuration } = control;
  const target = changed(configuration.target, statement.options, channel, relay);
  await store(relay, { ...configuration, target }, configuration);
  relay.audit.record('change', {
    what: 'CHANGE REPLICATION TARGET',
    channel,
    options: Object.keys(statement.options).join(','),
    target: target.url,
  });
  return DONE;
}

/** Options that stand in the configuration as they are. */
const TEXTS = [
  ['targetUser', 'user'],
  ['targetSslCa', 'sslCa'],
  ['targetSslCapath', 'sslCapath'],
  ['targetSslCert', 'sslCert'],
  ['targetSslKey', 'sslKey'],
  ['targetSslCipher', 'sslCipher'],
  ['targetTlsVersion', 'tlsVersion'],
] as const satisfies readonly (readonly [keyof TargetOptions, keyof ChannelTarget])[];

const RULES: ReadonlySet<string> = new Set(['stop', 'skip', 'overwrite'] satisfies ConflictRule[]);

function changed(base: ChannelTarget, options: TargetOptions, channel: string, relay: Relay): ChannelTarget {
  const texts = Object.fromEntries(
    TEXTS.filter(([option]) => options[option] !== undefined).map(([option, name]) => [
      name,
      options[option],
    ]),
  ) as Partial<ChannelTarget>;
  const { targetUrl, targetPassword, targetSslMode, targetSslVerifyServerCert, targetOnConflict } = options;
  const located = targetUrl === undefined ? {} : locate(targetUrl, channel, relay);
  if (targetSslMode !== undefined && targetSslMode !== '' && parseSslMode(targetSslMode) === undefined)
    throw refuse('TARGET_SSL_MODE');
  const rule = targetOnConflict?.toLowerCase();
  if (rule !== undefined && !RULES.has(rule)) throw refuse('TARGET_ON_CONFLICT');
  return {
    ...base,
    ...located,
    ...texts,
    ...(targetPassword === undefined
      ? {}
      : { password: sealedPassword(targetPassword, targetPasswordPurpose(channel), relay) }),
    ...(targetSslMode === undefined ? {} : { sslMode: targetSslMode.toUpperCase() }),
    ...(targetSslVerifyServerCert === undefined ? {} : { sslVerifyServerCert: targetSslVerifyServerCert }),
    ...(rule === undefined ? {} : { onConflict: rule as ConflictRule }),
  };
}

/** The URL without its password, which is sealed. */
function locate(url: string, channel: string, relay: Relay): Partial<ChannelTarget> {
  if (url === '' || /^none$/i.test(url)) return { url: url.toLowerCase() };
  let parsed: ReturnType<typeof parseTargetUrl>;
  try {
    parsed = parseTargetUrl(url, 'tables');
  } catch (error) {
    throw error instanceof RowlockError
      ? new ServerError(1210, 'HY000', `Incorrect arguments to TARGET_URL: ${error.message}`)
      : error;
  }
  if (parsed.kind === 'sqlite') return { url };
  const { password, options } = parsed;
  if (options.length > 0) throw refuse('TARGET_URL: give options as TARGET_SSL_…');
  const shown = password === undefined ? url : url.replace(/^([a-z]+:\/\/[^:@]*):[^@]*@/i, '$1@');
  return {
    url: shown,
    ...(password === undefined
      ? {}
      : {
          password: sealedPassword({ kind: 'text', text: password }, targetPasswordPurpose(channel), relay),
        }),
  };
}
