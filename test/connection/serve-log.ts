import { EventFramer, RawEvent } from '../../src/binlog/index.ts';
import type { ReceivedCommand, Session } from '../../src/connection/index.ts';
import { Command } from '../../src/wire/index.ts';

const MAGIC_BYTES = 4;

/** A server that gives a log away to whoever asks for a dump, and then hangs up. */
export async function serveLog(session: Session, logOf: (dump: ReceivedCommand) => Buffer): Promise<void> {
  for (;;) {
    const command = await session.command();
    if (command === undefined) return;
    if (command.code !== Command.COM_QUERY) return dump(session, logOf(command));
    if (/version/i.test(session.statement(command).toString()))
      await session.rows(['VERSION()'], [['9.7.4']]);
    else await session.ok();
  }
}

/** A log, then the end. */
async function dump(session: Session, log: Buffer): Promise<void> {
  session.beginDump(false);
  const framer = new EventFramer({ position: MAGIC_BYTES });
  framer.adopt(log.subarray(MAGIC_BYTES));
  const event = new RawEvent();
  while (framer.next(event)) await session.event(event.bytes, event.start, event.end);
  await session.flushEvents();
  await session.endDump();
}
