import type { RunningServer } from '../servers/index.ts';

/** An account for replicas, a table `d.t` of one number, and a procedure that fills it: a transaction a row. */
export const FILLING = `CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; CREATE DATABASE d;
CREATE TABLE d.t (a INT PRIMARY KEY);
DELIMITER //
CREATE PROCEDURE d.fill(n INT) BEGIN DECLARE i INT DEFAULT 1; WHILE i <= n DO INSERT INTO d.t VALUES (i); SET i = i + 1; END WHILE; END//
DELIMITER ;
`;

/** Where a server's log ends. */
export async function endOfLog(source: RunningServer): Promise<[file: string, position: number]> {
  const sql = source.name === 'mysql97' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';
  const status = await source.query(sql);
  const [file = '', position = '4'] = status.trim().split('\n').at(-1)!.split('\t');
  return [file, Number(position)];
}
