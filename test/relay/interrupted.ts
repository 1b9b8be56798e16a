import { ask, type TextRow } from './ask.ts';
import type { TestRelay } from './relay.ts';
import { until } from './relay-streams.ts';

/** What a statement answers that another session ends by KILL QUERY. */
export async function interrupted(relay: TestRelay, sql: string): Promise<readonly TextRow[] | string> {
  const [session, other] = await Promise.all([relay.session(), relay.session()]);
  const id = Number(await session.value('SELECT CONNECTION_ID()'));
  const answer = ask(session, sql);
  await until(
    () => relay.context.sessions.get(id)?.state.info === sql,
    () => `${sql} did not begin`,
  );
  await other.query(`KILL QUERY ${id}`);
  const reply = await answer;
  await Promise.all([session.close(), other.close()]);
  return reply;
}
