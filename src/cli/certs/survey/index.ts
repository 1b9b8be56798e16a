import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Examination, exists, LEDGER_FILE } from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { readAuthority, resolvePath } from '../open.ts';
import { readTrustFile } from '../trust-file.ts';
import { parseAddress } from '../visit.ts';
import { surveyAuthority } from './authority.ts';
import type { SurveyEntry } from './entry.ts';
import { surveyFile } from './files.ts';
import { surveyFolder } from './folder.ts';
import { surveyOptionFile } from './option-file.ts';
import { surveyServer } from './server.ts';

export { type SurveyEntry, worstOf } from './entry.ts';

/**
 * Looks at whatever a person names: the folder of an authority, any other folder, a PEM file, an option file, or a running
 * server as `host:port`.
 *
 * @param trustFile authorities that servers are held against
 */
export async function survey(
  context: CertsContext,
  options: CommonOptions & { readonly trust?: string },
  target: string,
  at: Examination,
): Promise<SurveyEntry[]> {
  const path = resolvePath(context, target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    if (!(await exists(join(path, LEDGER_FILE)))) {
      const entries = await surveyFolder(path, at);
      const nothing = {
        severity: 'critical',
        code: 'NO_CERTIFICATE',
        message: 'no PEM file in the folder',
      } as const;
      return entries.length > 0 ? entries : [{ place: path, role: 'certificate', findings: [nothing] }];
    }
    return surveyAuthority(await readAuthority(context, { ...options, authority: path }), at);
  }
  if (found === undefined) {
    const address = parseAddress(target);
    if (address !== undefined) {
      const trust = options.trust === undefined ? undefined : await readTrustFile(context, options.trust);
      return surveyServer(address, context.visit, trust, at);
    }
  }
  return /\.(cnf|ini|conf)$/i.test(path) ? surveyOptionFile(path, context.env, at) : surveyFile(path, at);
}
