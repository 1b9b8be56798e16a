// Writes a copy of a log with a column blanked out:  node examples/mask-column.ts from.binlog to.binlog customer email
import { writeFileSync } from 'node:fs';
import { ChecksumAlgorithm, encodeEvent, encodeRows, openLog, type RowImage } from '../src/index.ts';

export async function maskColumn(path: string, table: string, column: string): Promise<Buffer> {
  const log = await openLog(path);
  const out: Buffer[] = [Buffer.from([0xfe, 0x62, 0x69, 0x6e])];
  let position = 4;
  for (let event = log.next(); event !== undefined; event = log.next()) {
    let body = log.decode(event);
    // The events of a compressed transaction come one by one: they take its place.
    if (body.kind === 'transactionPayload') continue;
    const map = body.kind === 'rows' ? log.table(body.tableId) : undefined;
    const index = map?.columns.find(({ name }) => name === column)?.index ?? -1;
    if (body.kind === 'rows' && map !== undefined && String(map.table) === table && index >= 0) {
      const mask = (image: RowImage | undefined): RowImage | undefined =>
        image?.map((value, at) => (at === index && typeof value === 'string' ? '***' : value));
      const rows = log.rows(event)!;
      const masked = [];
      while (rows.next()) masked.push({ before: mask(rows.before), after: mask(rows.after) });
      body = { ...body, images: encodeRows(map, body.shape, body.present, body.presentAfter, masked) };
    }
    // An event's length changes with its rows, and every position after it.
    const checksum = log.state.format?.checksumAlgorithm === ChecksumAlgorithm.CRC32;
    const sized = encodeEvent(event, body, log.state, { checksum });
    position += sized.length;
    const header = {
      timestamp: event.timestamp,
      type: event.type,
      serverId: event.serverId,
      logPos: position,
      flags: event.flags,
    };
    out.push(encodeEvent(header, body, log.state, { checksum }));
  }
  await log.close();
  return Buffer.concat(out);
}

if (import.meta.filename === process.argv[1]) {
  const [, , from = '', to = '', table = '', column = ''] = process.argv;
  writeFileSync(to, await maskColumn(from, table, column));
}
