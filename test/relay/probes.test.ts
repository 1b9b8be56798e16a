import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { openStreams } from '../../src/relay/index.ts';
import { ask } from './ask.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
let root: Connection;
beforeAll(async () => {
  relay = await startRelay({ openStreams: (surroundings) => openStreams(surroundings) });
  root = await relay.session();
});
afterAll(async () => {
  await root?.close();
  await relay?.wipe();
});

/** What programs send before anybody asked for anything. */
const PROBES: Readonly<Record<string, readonly string[]>> = {
  'Connector/J and Hibernate': [
    'SELECT WORD FROM INFORMATION_SCHEMA.KEYWORDS WHERE RESERVED=1 ORDER BY WORD',
  ],
  'monitors that sample statements': [
    'SELECT thread_id, event_name, sql_text FROM performance_schema.events_statements_history ORDER BY timer_start DESC LIMIT 10',
    'SELECT COUNT(*) FROM performance_schema.events_waits_current',
    'SELECT error_name, sum_error_raised FROM performance_schema.events_errors_summary_global_by_error WHERE sum_error_raised > 0',
    'SELECT sys_version FROM sys.version',
  ],
  'mysql and mariadb': [
    'select @@version_comment limit 1',
    'SELECT DATABASE(), USER() LIMIT 1',
    'select USER()',
    'show databases',
    'show tables FROM performance_schema',
    "SHOW VARIABLES LIKE 'max_allowed_packet'",
    'SELECT @@max_allowed_packet, @@version',
  ],
  'MySQL Connector/J': [
    '/* mysql-connector-j-9.1.0 (Revision: x) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@character_set_connection AS character_set_connection, @@character_set_results AS character_set_results, @@character_set_server AS character_set_server, @@collation_server AS collation_server, @@collation_connection AS collation_connection, @@init_connect AS init_connect, @@interactive_timeout AS interactive_timeout, @@license AS license, @@lower_case_table_names AS lower_case_table_names, @@max_allowed_packet AS max_allowed_packet, @@net_write_timeout AS net_write_timeout, @@performance_schema AS performance_schema, @@sql_mode AS sql_mode, @@system_time_zone AS system_time_zone, @@time_zone AS time_zone, @@transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout',
    '/* mysql-connector-java-5.1.49 */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@query_cache_size AS query_cache_size, @@query_cache_type AS query_cache_type, @@tx_isolation AS tx_isolation',
    'SHOW WARNINGS',
    'SET NAMES utf8mb4',
    'SET character_set_results = NULL',
    'SET autocommit=1',
    "SET sql_mode='STRICT_TRANS_TABLES'",
    'select @@session.transaction_read_only',
    'SELECT @@session.transaction_isolation',
    'set session transaction read only',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'SHOW COLLATION',
    'SHOW CHARACTER SET',
    'SHOW ENGINES',
    'SELECT 1',
    '/* ping */ SELECT 1',
    "SHOW FULL TABLES FROM `performance_schema` LIKE '%'",
    "SHOW FULL COLUMNS FROM `replication_connection_status` FROM `performance_schema` LIKE '%'",
  ],
  'MariaDB Connector/J and Connector/Node.js': [
    "set autocommit=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')",
    'select @@max_allowed_packet, @@system_time_zone, @@time_zone, @@auto_increment_increment',
    'SELECT @@max_allowed_packet, @@wait_timeout',
    'set session_track_schema=1',
    'SET session_track_system_variables = CONCAT(@@session_track_system_variables, ",transaction_isolation")',
    'SET max_statement_time=0',
  ],
  'PyMySQL, mysqlclient and Connector/Python': [
    'SET AUTOCOMMIT = 0',
    'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci',
    "SHOW SESSION VARIABLES LIKE 'transaction_isolation'",
    "SET NAMES 'utf8mb4' COLLATE 'utf8mb4_0900_ai_ci'",
    'SET @@session.autocommit = OFF',
    'SELECT @@session.autocommit',
    'ROLLBACK',
    'COMMIT',
    "SHOW VARIABLES LIKE 'sql_mode'",
    'SELECT @@sql_mode',
    "SELECT CAST('test plain returns' AS CHAR(60)) AS anon_1",
    "SELECT CAST('test unicode returns' AS CHAR(60)) AS anon_1",
    "SELECT CAST('test collated returns' AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin AS anon_1",
    "show variables like 'lower_case_table_names'",
    'SELECT @@lower_case_table_names',
  ],
  'SQLAlchemy and Django': [
    'SELECT DATABASE()',
    'SELECT VERSION()',
    'SELECT @@transaction_isolation',
    'SET SQL_AUTO_IS_NULL = 0',
    "SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, @@lower_case_table_names, CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL",
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    "SELECT engine FROM information_schema.engines WHERE support IN ('DEFAULT')",
  ],
  'go-sql-driver/mysql and mysqld_exporter': [
    'SELECT @@max_allowed_packet',
    'SET NAMES utf8mb4',
    "SET time_zone = '+00:00'",
    'SET lock_wait_timeout=2',
    'SHOW GLOBAL STATUS',
    'SHOW GLOBAL VARIABLES',
    'SHOW SLAVE STATUS',
    'SHOW REPLICA STATUS',
    'select @@global.innodb_flush_log_at_trx_commit, @@global.sync_binlog',
    'SHOW BINARY LOGS',
    'SHOW SLAVE HOSTS',
    'SHOW REPLICAS',
    'SELECT @@log_bin',
    'SELECT @@version',
    'SELECT EXISTS (SELECT 1 FROM performance_schema.replication_group_members)',
    "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'performance_schema' AND TABLE_NAME = 'replication_applier_status_by_worker'",
    "SELECT user, host, COALESCE(command,''), COALESCE(state,''), COUNT(*) AS processes, SUM(time) AS seconds FROM information_schema.processlist WHERE ID != connection_id() AND TIME >= 0 GROUP BY user, host, command, state",
  ],
  'pt-heartbeat and pt-table-checksum': [
    "SHOW VARIABLES LIKE 'version%'",
    "SHOW VARIABLES LIKE 'innodb\\_lock_wait_timeout'",
    'SET SESSION innodb_lock_wait_timeout=1',
    "SHOW VARIABLES LIKE 'wait\\_timeout'",
    'SET SESSION wait_timeout=10000',
    'SELECT @@SQL_MODE',
    "SET @@SQL_QUOTE_SHOW_CREATE = 1/*!40101, @@SQL_MODE='NO_AUTO_VALUE_ON_ZERO,STRICT_TRANS_TABLES'*/",
    'SELECT @@server_id /*!50038 , @@hostname*/',
    'SHOW MASTER STATUS',
    'SELECT UNIX_TIMESTAMP()',
    'SHOW PROCESSLIST',
    'SHOW FULL PROCESSLIST',
    'SHOW GRANTS FOR CURRENT_USER()',
    "SHOW VARIABLES LIKE 'report_port'",
    'SELECT CONCAT(@@hostname, @@port)',
    "SHOW GLOBAL STATUS LIKE 'Threads_running'",
    'SELECT SLEEP(0.01)',
    'DO SLEEP(0.01)',
  ],
  'ProxySQL, orchestrator, MaxScale and MySQL Shell': [
    "SHOW GLOBAL VARIABLES LIKE 'read_only'",
    'SELECT @@global.read_only read_only',
    'SELECT @@global.read_only&@@global.innodb_read_only read_only',
    "select @@global.hostname, ifnull(@@global.report_host, ''), @@global.server_id, @@global.version, @@global.version_comment, @@global.read_only, @@global.binlog_format, @@global.log_bin, @@global.log_slave_updates",
    'select @@global.gtid_mode, @@global.server_uuid, @@global.gtid_executed, @@global.gtid_purged',
    "SHOW SLAVE STATUS FOR CHANNEL ''",
    "show global status like 'Uptime'",
    'select @@global.super_read_only',
    'SELECT COALESCE(@@report_host, @@hostname), COALESCE(@@report_port, @@port)',
    'select connection_id()',
    "show GLOBAL variables where Variable_name in ('read_only', 'server_id', 'gtid_mode')",
    "select concat(@@version, ' ', @@version_comment)",
    'select @@socket, @@port',
  ],
  'mysqld_exporter and PMM, all collectors': [
    'SELECT page_size, compress_ops, compress_ops_ok, compress_time, uncompress_ops, uncompress_time FROM information_schema.innodb_cmp',
    'SELECT page_size, buffer_pool_instance, pages_used, pages_free, relocation_ops, relocation_time FROM information_schema.innodb_cmpmem',
    "SELECT name, subsystem, type, comment, count FROM information_schema.innodb_metrics WHERE status = 'enabled'",
    'SELECT SPACE, NAME, ifnull((SELECT column_name FROM information_schema.COLUMNS WHERE 0), 0) AS F FROM information_schema.INNODB_TABLESPACES',
    "SELECT ifnull(SCHEMA_NAME, 'NONE') as SCHEMA_NAME, DIGEST, LEFT(DIGEST_TEXT, 120), COUNT_STAR, SUM_TIMER_WAIT FROM performance_schema.events_statements_summary_by_digest",
    'SELECT EVENT_NAME, COUNT_READ, COUNT_WRITE, SUM_NUMBER_OF_BYTES_READ FROM performance_schema.file_summary_by_event_name',
    'SELECT OBJECT_SCHEMA, OBJECT_NAME, COUNT_FETCH FROM performance_schema.table_io_waits_summary_by_table',
    'SELECT EVENT_NAME, CURRENT_NUMBER_OF_BYTES_USED FROM performance_schema.memory_summary_global_by_event_name',
    'SELECT NAME FROM performance_schema.setup_consumers',
    'SELECT * FROM information_schema.user_attributes',
    'SELECT * FROM mysql.role_edges',
    'SHOW EXTENDED FULL COLUMNS FROM mysql.user',
  ],
  'the Datadog agent, Zabbix, PMM and check_mysql': [
    'SHOW /*!50002 GLOBAL */ STATUS',
    "SELECT * FROM INFORMATION_SCHEMA.PROCESSLIST WHERE COMMAND LIKE '%Binlog dump%'",
    "SELECT count(*) FROM performance_schema.threads WHERE PROCESSLIST_COMMAND LIKE '%Binlog dump%'",
    "SELECT t.PROCESSLIST_ID, t.NAME FROM performance_schema.threads t LEFT OUTER JOIN performance_schema.session_connect_attrs a ON t.processlist_id = a.processlist_id AND (a.attr_name IS NULL OR a.attr_name = 'program_name') WHERE t.TYPE <> 'BACKGROUND'",
    'SELECT table_schema, IFNULL(SUM(data_length+index_length)/1024/1024,0) AS total_mb FROM information_schema.tables GROUP BY table_schema',
    "select coalesce(sum(data_length + index_length),0) from information_schema.tables where table_schema='mysql'",
    "SELECT plugin_status FROM information_schema.plugins WHERE plugin_name='group_replication'",
    "SELECT engine FROM information_schema.ENGINES WHERE engine='InnoDB' and support != 'no' and support != 'disabled'",
    "SELECT table_schema, table_name, column_name, auto_increment, pow(2, case data_type when 'tinyint' then 7 when 'smallint' then 15 when 'mediumint' then 23 when 'int' then 31 when 'bigint' then 63 end+(column_type like '% unsigned'))-1 as max_int FROM information_schema.columns c STRAIGHT_JOIN information_schema.tables t USING (table_schema,table_name) WHERE c.extra = 'auto_increment' AND t.auto_increment IS NOT NULL",
    'SELECT * FROM performance_schema.replication_group_member_stats WHERE MEMBER_ID=@@server_uuid',
    "select count(*) > 0 and MAX(User_name) != '' from mysql.slave_master_info",
    'SELECT Channel_name, Master_log_pos FROM mysql.slave_relay_log_info',
    'SELECT * FROM mysql.gtid_executed',
    "SELECT WAIT_FOR_EXECUTED_GTID_SET('', 1)",
  ],
  'MySQL Workbench, DBeaver and phpMyAdmin': [
    "show character set where charset = 'utf8mb4'",
    "SELECT * FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='x' ORDER BY ROUTINE_NAME",
    "SELECT * FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='x'",
    "SELECT * FROM information_schema.VIEWS WHERE TABLE_SCHEMA='x'",
    "SELECT DISTINCT EVENT_SCHEMA FROM information_schema.EVENTS WHERE STATUS = 'ENABLED'",
    "SELECT * FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA='x'",
    "SELECT * FROM INFORMATION_SCHEMA.STATISTICS WHERE TABLE_SCHEMA='x' ORDER BY TABLE_NAME,INDEX_NAME,SEQ_IN_INDEX",
    "SELECT * FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA='x'",
    "SELECT * FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA='x'",
    "SELECT * FROM INFORMATION_SCHEMA.PARTITIONS WHERE TABLE_SCHEMA='x'",
    'SELECT * FROM INFORMATION_SCHEMA.CHECK_CONSTRAINTS',
    'SELECT * FROM INFORMATION_SCHEMA.PARAMETERS',
    "SELECT 1 FROM (SELECT `GRANTEE`, `IS_GRANTABLE` FROM `INFORMATION_SCHEMA`.`COLUMN_PRIVILEGES` UNION SELECT `GRANTEE`, `IS_GRANTABLE` FROM `INFORMATION_SCHEMA`.`TABLE_PRIVILEGES` UNION SELECT `GRANTEE`, `IS_GRANTABLE` FROM `INFORMATION_SCHEMA`.`SCHEMA_PRIVILEGES` UNION SELECT `GRANTEE`, `IS_GRANTABLE` FROM `INFORMATION_SCHEMA`.`USER_PRIVILEGES`) t WHERE `IS_GRANTABLE` = 'YES' AND '''root''@''localhost''' LIKE `GRANTEE` LIMIT 1",
    "SELECT *, `TABLE_SCHEMA` AS `Db`, `TABLE_NAME` AS `Name` FROM `information_schema`.`TABLES` t WHERE `TABLE_SCHEMA` COLLATE utf8_bin IN ('mysql') ORDER BY Name ASC",
  ],
  'mysqldump, mydumper and phpMyAdmin': [
    "/*!40100 SET @@SQL_MODE='' */",
    "/*!40103 SET TIME_ZONE='+00:00' */",
    '/*!80000 SET SESSION information_schema_stats_expiry=0 */',
    'SET SESSION NET_READ_TIMEOUT= 86400, SESSION NET_WRITE_TIMEOUT= 86400',
    "SHOW VARIABLES LIKE 'gtid\\_mode'",
    'SHOW SESSION VARIABLES LIKE "character_set_database"',
    'SELECT @@GLOBAL.GTID_EXECUTED',
    'START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */',
    'SELECT @@version, @@version_comment',
    'SET SQL_SAFE_UPDATES=0',
    "SHOW SESSION VARIABLES LIKE '%storage_engine%'",
    'SELECT CURRENT_USER()',
    'SELECT `SCHEMA_NAME` FROM `INFORMATION_SCHEMA`.`SCHEMATA` LIMIT 0, 100',
    'SHOW PLUGINS',
    'SHOW PRIVILEGES',
    "SHOW STATUS LIKE 'Ssl_cipher'",
    'SHOW EVENTS FROM mysql',
    "SHOW FULL TRIGGERS FROM performance_schema LIKE 'x'",
    'SHOW FUNCTION STATUS',
    "SHOW PROCEDURE STATUS WHERE Db = 'd'",
    'SHOW OPEN TABLES',
  ],
};

test.each([
  ['show tables', 1046],
  ['SELECT @@aurora_version', 1193],
  ['SELECT @@gtid_current_pos', 1193],
  ['select @@mysqlx_port', 1193],
  ["SELECT GET_LOCK('x', 1)", 1235],
  ['SELECT * FROM performance_schema.innodb_redo_log_files', 1146],
  ['SELECT name FROM information_schema.innodb_ft_config', 1109],
  ['DESC information_schema.innodb_ft_config', 1109],
  ['SHOW ENGINE ROCKSDB STATUS', 1286],
  ['TRUNCATE performance_schema.global_status', 1235],
  ['RESET REPLICA, BINARY LOGS AND GTIDS', 1235],
  ['SHOW TRIGGERS', 1046],
  ['SHOW ALL SLAVES STATUS', 1064],
  ['SELECT * FROM information_schema.global_status', 1109],
  ['SHOW EVENTS FROM nosuch', 1049],
  ['SHOW CREATE PROCEDURE p', 1046],
  ['SHOW CREATE PROCEDURE mysql.p', 1305],
  ['SHOW CREATE TRIGGER mysql.t', 1360],
  ['SHOW CREATE EVENT mysql.e', 1539],
  ['SHOW CREATE VIEW mysql.user', 1347],
  ['SELECT x FROM d.t WHERE a DIV b', 1049],
  ['SELECT x FROM mysql.t WHERE a DIV b', 1146],
  ['EXPLAIN SELECT 1', 1235],
  ['EXPLAIN FORMAT=JSON WITH x AS (SELECT 1) SELECT * FROM x', 1235],
  ['DESC WITH x AS (SELECT 1) SELECT * FROM x', 1235],
  ['SELECT nosuch(1)', 1046],
  ['SELECT IFNULL(1)', 1582],
  ['SELECT * FROM (SELECT 1)', 1248],
  ['SELECT *', 1096],
  ['SELECT nosuch.f(1)', 1305],
  ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r', 3636],
])('what a relay has not, it refuses by the number that programs expect: %s', async (sql, errno) => {
  await expect(root.query(sql)).rejects.toMatchObject({ errno });
});

test('a session that sleeps keeps nobody from ending', async () => {
  const other = await relay.session();
  const slept = other.query('DO SLEEP(100000)').catch((error: Error) => error.message);
  await root.query(`KILL ${other.connectionId}`);
  expect(await slept).toMatch(/Lost connection/);
});

test('of InnoDB a relay tells what a server tells that has it switched off', async () => {
  const said = [['InnoDB', '', 'DISABLED']];
  expect(await ask(root, 'SHOW /*!50000 ENGINE */ INNODB STATUS')).toEqual(said);
  expect(await ask(root, "SHOW ENGINE 'InnoDB' MUTEX")).toEqual([]);
  expect(await ask(root, "SELECT support FROM information_schema.engines WHERE engine = 'innodb'")).toEqual([
    ['DISABLED'],
  ]);
});

test('values of probes are true', async () => {
  expect(await root.value("SELECT CAST('text' AS CHAR(60)) AS anon_1")).toBe('text');
  expect(await root.value("SELECT CONVERT_TZ('2001-01-01 01:00:00', '+00:00', '+02:30')")).toBe(
    '2001-01-01 03:30:00',
  );
  expect(await root.value("SELECT CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'Mars/Olympus')")).toBe(null);
  expect(await root.value('SELECT SLEEP(0.001)')).toBe('0');
  expect(await root.value("SELECT 'SLEEP(100000)'")).toBe('SLEEP(100000)');
  expect(await root.value('SELECT 1 /* SLEEP(100000) */ + 1')).toBe('2');
  await root.query("SET @@SQL_QUOTE_SHOW_CREATE = 1/*!40101, @@SQL_MODE='NO_AUTO_VALUE_ON_ZERO'*/");
  expect(await root.value('SELECT @@sql_mode')).toBe('NO_AUTO_VALUE_ON_ZERO');
  expect((await root.query("SHOW REPLICA STATUS FOR CHANNEL ''")).rows).toEqual([]);
});

test('waiting for transactions ends with them, or with the time', async () => {
  const gtid = '3e11fa47-71ca-11e1-9e33-c80aa9429562:1';
  expect(await root.value(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${gtid}', 0.01)`)).toBe('1');
  const other = await relay.session();
  const waited = other.value(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${gtid}')`);
  await root.query(`SET GTID_NEXT = '${gtid}'`);
  await root.query('BEGIN');
  await root.query('COMMIT');
  await root.query("SET GTID_NEXT = 'AUTOMATIC'");
  expect(await waited).toBe('0');
  expect(await root.value('SELECT interval_end FROM mysql.gtid_executed')).toBe('1');
  await expect(root.query("SELECT WAIT_FOR_EXECUTED_GTID_SET('x')")).rejects.toMatchObject({ errno: 1772 });
  await other.close();
});

test.each(Object.entries(PROBES))('what %s ask first is answered', async (_program, probes) => {
  const refused: string[] = [];
  for (const probe of probes) {
    // oxlint-disable-next-line no-await-in-loop -- one session
    await root.query(probe).catch((error: Error) => refused.push(`${probe} → ${error.message}`));
  }
  expect(refused).toEqual([]);
});
