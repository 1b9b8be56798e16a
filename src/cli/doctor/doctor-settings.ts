import type { Examination } from '../../certificates/index.ts';
import type { AuthorityFacts } from './facts/authority-facts.ts';

/** What checks know beside the servers themselves. */
export interface DoctorSettings extends Examination {
  /** Text of the file of authorities that servers should be signed by. */
  readonly trust: string | undefined;
  /** That file's path. */
  readonly trustPath: string | undefined;
  /** Folder for TLS files on a server that has none that would do. */
  readonly folder: string;
  readonly authority: AuthorityFacts;
}
