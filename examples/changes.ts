// Prints every changed row of a log as a line of JSON:  node examples/changes.ts mysql-bin.000042
import { openLog } from '../src/index.ts';

export async function changeLines(path: string): Promise<string[]> {
  const log = await openLog(path);
  const lines: string[] = [];
  for (const change of log.changes({ bigints: 'string' })) lines.push(JSON.stringify(change));
  await log.close();
  return lines;
}

if (import.meta.filename === process.argv[1]) {
  for (const line of await changeLines(process.argv[2] ?? 'examples/shop.binlog')) console.log(line);
}
