// Lists which transactions a log holds, as a GTID set:  node examples/transactions.ts mysql-bin.000042
import { MysqlGtidSet, openLog } from '../src/index.ts';

export async function transactions(path: string): Promise<string> {
  const log = await openLog(path, { expandPayloads: false });
  const seen = new Set<string>();
  for (let event = log.next(); event !== undefined; event = log.next()) {
    if (log.gtid !== undefined) seen.add(log.gtid);
  }
  await log.close();
  return String(MysqlGtidSet.parse([...seen].join(',')));
}

if (import.meta.filename === process.argv[1]) {
  console.log(await transactions(process.argv[2] ?? 'examples/shop.binlog'));
}
