import type { Connection } from '../../connection/index.ts';

/** What `status` shows. */
export async function statusText(connection: Connection): Promise<string> {
  const { connectionId, serverVersion, tls } = connection;
  const { rows } = await connection.query('SELECT DATABASE(), CURRENT_USER(), @@version_comment');
  const [schema, user, comment] = (rows[0] ?? []).map((value) => value?.toString() ?? '');
  const lines = [
    ['Connection id', String(connectionId)],
    ['Current database', schema ?? ''],
    ['Current user', user ?? ''],
    ['SSL', tls === undefined ? 'Not in use' : `${tls.protocol}, ${tls.cipher}, verified: ${tls.verified}`],
    ['Server version', `${serverVersion} ${comment ?? ''}`],
  ];
  const text = lines.map(([name, value]) => `${`${name}:`.padEnd(24)}${value}\n`).join('');
  return `--------------\n${text}--------------\n`;
}
