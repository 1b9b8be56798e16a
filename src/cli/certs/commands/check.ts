import type { Command } from 'commander';
import { severities, writeAtomic } from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions, ExitCode } from '../context.ts';
import { authorityFolder, resolvePath } from '../open.ts';
import { prometheusText } from '../prometheus.ts';
import { reportJson, reportLines } from '../report.ts';
import { type SurveyEntry, survey, worstOf } from '../survey/index.ts';
import { type AddCommand, wholeNumber } from './definition.ts';

interface CheckOptions extends CommonOptions {
  readonly warn: number;
  readonly critical: number;
  readonly trust?: string;
  readonly prometheus?: string;
  readonly quiet?: boolean;
}

/** `certs check [PATH or host:port …]`. */
export const addCheck: AddCommand = (program: Command, context: CertsContext, end) => {
  program
    .command('check [target...]')
    .description(
      'look at certificates: folders, PEM files, my.cnf files, servers as host:port (default: the authority)',
    )
    .option(
      '-a, --authority <dir>',
      'folder of the authority (default: $ROWLOCK_AUTHORITY, else the current folder)',
    )
    .option('--warn <days>', 'warn from this many days before the end', wholeNumber(0), 30)
    .option('--critical <days>', 'critical from this many days before the end', wholeNumber(0), 7)
    .option('--trust <file>', 'authorities that servers (host:port) must be signed by')
    .option('--prometheus <file>', 'write a text file for the textfile collector as well')
    .option('-q, --quiet', 'print only what is not ok')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 all well, 1 warnings, 2 critical, 3 could not look.')
    .action(async (targets: readonly string[], options: CheckOptions) => {
      const at = { now: context.now(), warnDays: options.warn, criticalDays: options.critical };
      const entries: SurveyEntry[] = [];
      for (const target of targets.length > 0 ? targets : [authorityFolder(context, options)]) {
        entries.push(...(await survey(context, options, target, at)));
      }
      if (options.prometheus !== undefined) {
        const text = prometheusText(entries, context.now());
        await writeAtomic(resolvePath(context, options.prometheus), { text, mode: 0o644 }, { replace: true });
      }
      if (options.json === true) context.say(JSON.stringify(reportJson(context, entries)));
      else {
        const shown =
          options.quiet === true ? entries.filter(({ findings }) => findings.length > 0) : entries;
        context.say(...reportLines(context, shown));
      }
      end(severities.indexOf(worstOf(entries)) as ExitCode);
    });
};
