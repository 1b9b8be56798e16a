import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';

/** What stands before the first file. */
export function writeOpeningFrame(out: TextOutput, options: PrintOptions): void {
  out.text('/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;\n');
  out.text('/*!40019 SET @@session.max_delayed_threads=0*/;\n');
  if (options.disableLogBin) out.text('/*!32316 SET @OLD_SQL_LOG_BIN=@@SQL_LOG_BIN, SQL_LOG_BIN=0*/;\n');
  out.text('/*!50003 SET @OLD_COMPLETION_TYPE=@@COMPLETION_TYPE,COMPLETION_TYPE=0*/;\n');
  if (options.setCharset === undefined) return;
  out.text('\n/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n');
  out.text('/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;\n');
  out.text('/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;\n');
  // The user's text may hold any character.
  out.bytes(Buffer.from(`/*!40101 SET NAMES ${options.setCharset} */;\n`));
}

/** What stands after the last one, unless the run failed. */
export function writeClosingFrame(out: TextOutput, options: PrintOptions, restoresIds: boolean): void {
  out.text('# End of log file\n');
  out.text('ROLLBACK /* added by mysqlbinlog */;\n');
  out.text('/*!50003 SET COMPLETION_TYPE=@OLD_COMPLETION_TYPE*/;\n');
  if (options.disableLogBin) out.text('/*!32316 SET SQL_LOG_BIN=@OLD_SQL_LOG_BIN*/;\n');
  if (options.setCharset !== undefined) {
    out.text('/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n');
    out.text('/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;\n');
    out.text('/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;\n');
  }
  out.text('/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=0*/;\n');
  if (!restoresIds) return;
  out.text('/*!100001 SET @@SESSION.SERVER_ID=@@GLOBAL.SERVER_ID */;\n');
  out.text('/*!100001 SET @@SESSION.GTID_DOMAIN_ID=@@GLOBAL.GTID_DOMAIN_ID */;\n');
}
