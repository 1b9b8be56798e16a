import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { ask as askBy, type TextRow } from './ask.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
let root: Connection;

const ask = (sql: string): Promise<readonly TextRow[] | string> => askBy(root, sql);

beforeAll(async () => {
  relay = await startRelay({});
  root = await relay.session();
  await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_USER='u' FOR CHANNEL 'c'");
});

afterAll(async () => {
  await root.close();
  await relay.wipe();
});

const NO_CONFLICTS = ['0', '0', '', '0000-00-00 00:00:00.000000'];
const shown = () => ask('SELECT * FROM performance_schema.replication_applier_target');

test('where the rows of a channel go is kept and shown', async () => {
  expect(await shown()).toEqual([['c', '', '', 'stop', 'OFF', ...NO_CONFLICTS]]);
  const change =
    "CHANGE REPLICATION TARGET TO TARGET_URL='sqlite:/srv/rows', TARGET_ON_CONFLICT='SKIP' FOR CHANNEL 'c'";
  expect(await ask(change)).toEqual([]);
  expect(await shown()).toEqual([['c', 'sqlite:/srv/rows', '', 'skip', 'OFF', ...NO_CONFLICTS]]);
  expect(JSON.parse(relay.context.state.channels.all().get('c')!)).toMatchObject({
    target: { url: 'sqlite:/srv/rows', onConflict: 'skip' },
  });
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_URL='' FOR CHANNEL 'c'")).toEqual([]);
  expect(await shown()).toEqual([['c', '', '', 'skip', 'OFF', ...NO_CONFLICTS]]);
});

test('a server is kept without its password, which is sealed', async () => {
  const change =
    "CHANGE REPLICATION TARGET TO TARGET_URL='mysql://u:geheim@h:3307', TARGET_SSL_MODE='VERIFY_CA', TARGET_SSL_CA='ca.pem' FOR CHANNEL 'c'";
  expect(await ask(change)).toEqual([]);
  expect(await shown()).toEqual([['c', 'mysql://u@h:3307', '', 'skip', 'OFF', ...NO_CONFLICTS]]);
  const kept = relay.context.state.channels.all().get('c')!;
  expect(kept).not.toContain('geheim');
  expect(JSON.parse(kept)).toMatchObject({ target: { password: { kind: 'stored' }, sslMode: 'VERIFY_CA' } });
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_URL='mysql://h?ssl-ca=x' FOR CHANNEL 'c'")).toContain(
    '1210',
  );
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_URL='' FOR CHANNEL 'c'")).toEqual([]);
});

test('what is no target is refused', async () => {
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_URL='ftp://u:geheim@h' FOR CHANNEL 'c'")).toBe(
    '1210 Incorrect arguments to TARGET_URL: a target is sqlite:FOLDER, the path of a folder, mysql://… or mariadb://…',
  );
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_ON_CONFLICT='ignore' FOR CHANNEL 'c'")).toBe(
    '1210 Incorrect arguments to TARGET_ON_CONFLICT',
  );
  expect(await ask("CHANGE REPLICATION TARGET TO TARGET_URL='sqlite' FOR CHANNEL 'd'")).toBe(
    "3074 Replica channel 'd' does not exist.",
  );
  expect(await ask("SET GLOBAL rowlock_target = 'oracle'")).toBe(
    "1231 Variable 'rowlock_target' can't be set to the value of 'oracle'",
  );
});

test('the usual target is a variable that stays', async () => {
  expect(await ask('SELECT @@rowlock_target')).toEqual([['NONE']]);
  expect(await ask("SET PERSIST rowlock_target = 'sqlite'")).toEqual([]);
  expect(await ask('SELECT @@rowlock_target')).toEqual([['SQLITE']]);
});
