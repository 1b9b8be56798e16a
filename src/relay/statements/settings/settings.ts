import { ServerError } from '../../../errors/index.ts';
import type { AdministrativeStatement, Assignment, SetStatement } from '../../../sql/index.ts';
import type { VariableValue } from '../../variables/definition.ts';
import { GTID_MODES } from '../../variables/replication-variables.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demand } from '../context.ts';
import { settingValue } from '../evaluate.ts';
import { areTooMany, outOfMemory } from '../prepared/kept-bytes.ts';
import { MAX_USER_VARIABLES } from '../session-state.ts';
import { beginBehind, saysWhereToBegin } from './begin-behind.ts';
import { checkCollation, checkValue, fitsCharset, knownCharset, settledValue } from './check-setting.ts';
import { collationOf } from './collation-rows.ts';

/** SET. All assignments are looked at before the first is made, as far as that is possible. */
export async function set(statement: SetStatement, context: Context): Promise<Answer> {
  for (const assignment of statement.assignments) {
    if (assignment.kind === 'system' && assignment.scope !== 'session') {
      demand(context, 'SUPER or SYSTEM_VARIABLES_ADMIN', 'SUPER', 'SYSTEM_VARIABLES_ADMIN');
    }
  }
  for (const assignment of statement.assignments) await assign(assignment, context);
  return DONE;
}

/** SET STATEMENT … FOR: what is set holds for the one statement. `run` runs it. */
export async function setForStatement(
  { assignments, statement }: Extract<AdministrativeStatement, { kind: 'setStatement' }>,
  context: Context,
  run: (statement: AdministrativeStatement, context: Context) => Promise<Answer>,
): Promise<Answer> {
  const { session } = context;
  const { timestamp } = session;
  const before = new Map(session.values);
  try {
    await set({ kind: 'set', assignments }, context);
    return await run(statement, context);
  } finally {
    session.timestamp = timestamp;
    for (const assignment of assignments) {
      if (assignment.kind !== 'system') continue;
      const { name } = assignment;
      const value = before.get(name);
      if (value === undefined) session.values.delete(name);
      else session.values.set(name, value);
    }
  }
}

async function assign(assignment: Assignment, context: Context): Promise<void> {
  const { relay, session } = context;
  switch (assignment.kind) {
    case 'transaction':
      return;
    case 'names':
      return setNames(assignment, context);
    case 'user': {
      const value = await settingValue(assignment.value, context);
      const { userVariables } = session;
      const more = typeof value === 'string' ? value.length : 0;
      // What the variable itself held makes room, once it is sure that there is enough.
      const others = [...userVariables].filter(([name]) => name !== assignment.name).map(([, kept]) => kept);
      if (others.length >= MAX_USER_VARIABLES || areTooMany(others, more)) throw outOfMemory();
      userVariables.set(assignment.name, value ?? null);
      return;
    }
    case 'system':
      break;
  }
  const { scope, name } = assignment;
  const value = settledValue(name, await settingValue(assignment.value, context), relay);
  if (name === 'timestamp' && scope === 'session') {
    session.timestamp = value === undefined || Number(value) === 0 ? undefined : Number(value);
    return;
  }
  if (name === 'gtid_next' && scope === 'session' && relay.flavor === 'mysql') {
    demand(
      context,
      'SUPER, SYSTEM_VARIABLES_ADMIN, SESSION_VARIABLES_ADMIN or REPLICATION_APPLIER',
      'SUPER',
      'SYSTEM_VARIABLES_ADMIN',
      'REPLICATION_APPLIER',
    );
    relay.variables.setSession(name, session.gtidNext.set(value), session.viewer);
    return;
  }
  checkValue(name, value, relay);
  const tellOfBounds = (): void => {
    if (value !== undefined && relay.variables.isBeyondBounds(name, value))
      session.warn(1292, `Truncated incorrect ${name} value: '${value}'`);
  };
  if (scope === 'session') {
    relay.variables.setSession(name, value, session.viewer);
    tellOfBounds();
    const ignored = notFollowed(name, String(value ?? ''));
    if (ignored !== undefined) session.warn(1235, `This relay doesn't follow '${ignored}'`);
    return;
  }
  if (saysWhereToBegin(name, relay)) return beginBehind(name, value, scope, context);
  if (name === 'gtid_mode') checkGtidMode(value, context);
  relay.variables.setGlobal(name, value, scope);
  tellOfBounds();
  relay.audit.record('change', {
    what: scope === 'global' ? 'SET GLOBAL' : scope === 'persist' ? 'SET PERSIST' : 'SET PERSIST_ONLY',
    name,
    value: value === undefined ? 'DEFAULT' : (value ?? 'NULL'),
  });
}

/** What queries are answered as if it had not been said; undefined: nothing. */
function notFollowed(name: string, value: string): string | undefined {
  if (name === 'sql_mode') return /\bHIGH_NOT_PRECEDENCE\b/i.exec(value)?.[0].toUpperCase();
  const isIgnored = Object.hasOwn(NOT_FOLLOWED, name) && NOT_FOLLOWED[name]!.test(value);
  return isIgnored ? `${name} = ${value}` : undefined;
}

/** Values of variables from which nothing follows here, though it would in a server: names of days, and texts that tell the case of letters. */
const NOT_FOLLOWED: Readonly<Record<string, RegExp>> = {
  lc_time_names: /^(?!en_|$)/i,
  collation_connection: /_(bin|cs)$/i,
};

/** One step at a time, and never away from what a channel needs. @throws ServerError 1788, 3111, 3992 */
function checkGtidMode(value: VariableValue | undefined, { relay }: Context): void {
  const wanted = GTID_MODES.indexOf(String(value ?? 'ON').toUpperCase());
  if (wanted < 0) return;
  if (Math.abs(wanted - GTID_MODES.indexOf(relay.variables.text('gtid_mode'))) > 1) {
    throw new ServerError(
      1788,
      'HY000',
      'The value of @@GLOBAL.GTID_MODE can only be changed one step at a time: OFF <-> OFF_PERMISSIVE <-> ON_PERMISSIVE <-> ON. Also ' +
        'note that this value must be stepped up or down simultaneously on all servers. See the Manual for instructions.',
    );
  }
  const mode = GTID_MODES[wanted]!;
  for (const { configuration } of relay.streams.channels.all) {
    if (mode === 'ON') break;
    const { channel } = configuration;
    if (configuration.sourceConnectionAutoFailover)
      throw new ServerError(
        3992,
        'HY000',
        `The @@GLOBAL.GTID_MODE = ${mode} cannot be executed because Asynchronous Replication Connection Failover is enabled i.e. ` +
          'CHANGE REPLICATION SOURCE TO SOURCE_CONNECTION_AUTO_FAILOVER = 1.',
      );
    if (configuration.gtidOnly)
      throw new ServerError(
        3111,
        'HY000',
        `SET @@GLOBAL.GTID_MODE = ${mode} is not allowed because replication channel '${channel}' is configured with GTID_ONLY = 1. ` +
          `Execute CHANGE REPLICATION SOURCE TO GTID_ONLY = 0 FOR CHANNEL '${channel}' before you set @@GLOBAL.GTID_MODE = '${mode}'.`,
      );
  }
  if (wanted > 0) return;
  for (const { configuration } of relay.streams.channels.all) {
    if (configuration.positioning === 'position') continue;
    throw new ServerError(
      3111,
      'HY000',
      `SET @@GLOBAL.GTID_MODE = OFF is not allowed because replication channel '${configuration.channel}' is configured in ` +
        'AUTO_POSITION mode. Execute CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0 FOR CHANNEL ' +
        `'${configuration.channel}' before you set @@GLOBAL.GTID_MODE = OFF.`,
    );
  }
}

function setNames(
  { charset, collation }: Extract<Assignment, { kind: 'names' }>,
  { relay, session }: Context,
): void {
  const { flavor } = relay;
  const known = charset === undefined ? undefined : knownCharset('character_set_client', charset, flavor);
  if (collation !== undefined) checkCollation(collation, flavor);
  if (collation !== undefined && known !== undefined && !fitsCharset(collation, known.name)) {
    throw new ServerError(
      1253,
      '42000',
      `COLLATION '${collation}' is not valid for CHARACTER SET '${known.name}'`,
    );
  }
  const { viewer } = session;
  for (const name of ['character_set_client', 'character_set_connection', 'character_set_results']) {
    relay.variables.setSession(name, known?.name, viewer);
  }
  relay.variables.setSession(
    'collation_connection',
    collation ?? (known && collationOf(known.name, relay.flavor)),
    viewer,
  );
  const ignored = notFollowed('collation_connection', collation ?? '');
  if (ignored !== undefined) session.warn(1235, `This relay doesn't follow '${ignored}'`);
}
