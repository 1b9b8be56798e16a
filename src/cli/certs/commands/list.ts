import type { Command } from 'commander';
import type { CertsContext, CommonOptions } from '../context.ts';
import { readAuthority } from '../open.ts';
import { reportJson, reportLines } from '../report.ts';
import { surveyAuthority } from '../survey/authority.ts';
import { type AddCommand } from './definition.ts';

/** `certs list`: what the authority answers for; the same lines as check, without a verdict. */
export const addList: AddCommand = (program: Command, context: CertsContext) => {
  program
    .command('list')
    .description('every certificate of the authority, where it was deployed, and what was revoked')
    .option(
      '-a, --authority <dir>',
      'folder of the authority (default: $ROWLOCK_AUTHORITY, else the current folder)',
    )
    .option('--json', 'print JSON')
    .action(async (options: CommonOptions) => {
      const authority = await readAuthority(context, options);
      const { ledger } = authority;
      const entries = await surveyAuthority(authority, { now: context.now(), warnDays: 30, criticalDays: 7 });
      if (options.json === true) {
        const { rollover, deployments, revoked } = ledger;
        context.say(JSON.stringify({ ...reportJson(context, entries), rollover, deployments, revoked }));
        return;
      }
      context.say(...reportLines(context, entries));
      if (ledger.deployments.length > 0) context.say('', 'Deployed:');
      for (const { kind, name, target, at, active } of ledger.deployments) {
        context.say(
          `  ${kind} ${name}  ${target}  ${at.slice(0, 10)}${active ? '' : '  (not seen in use yet)'}`,
        );
      }
      if (ledger.revoked.length > 0) context.say('', 'Revoked:');
      for (const { serial, subject, at, reason } of ledger.revoked) {
        context.say(`  ${serial}  ${subject}  ${at.slice(0, 10)}  ${reason}`);
      }
    });
};
