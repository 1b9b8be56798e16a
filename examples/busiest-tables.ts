// Counts the rows each table changed, without decoding one:  node examples/busiest-tables.ts mysql-bin.000042
import { openLog } from '../src/index.ts';

export async function busiestTables(path: string): Promise<Map<string, number>> {
  const log = await openLog(path);
  const counts = new Map<string, number>();
  for (let event = log.next(); event !== undefined; event = log.next()) {
    const rows = log.rows(event);
    if (rows === undefined) continue;
    let count = 0;
    while (rows.skip()) count += 1;
    counts.set(rows.tableName, (counts.get(rows.tableName) ?? 0) + count);
  }
  await log.close();
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

if (import.meta.filename === process.argv[1]) {
  console.log(await busiestTables(process.argv[2] ?? 'examples/shop.binlog'));
}
