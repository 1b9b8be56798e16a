import { CertificateError, type Ledger } from '../../../certificates/index.ts';
import { isSystemError } from '../../../errors/index.ts';
import type { CertsContext } from '../../certs/context.ts';
import { AUTHORITY_VARIABLE, readAuthority } from '../../certs/open.ts';
import { shellWord } from '../../shell-word.ts';

/** The authority that mends make certificates with, as far as its folder tells. */
export interface AuthorityFacts {
  /** What `certs init` has to make; undefined where there is an authority. */
  readonly missing: string | undefined;
  /** ` -a DIR` for the commands, or nothing where they find it by themselves. */
  readonly flag: string;
  readonly folder: string;
  readonly ledger: Ledger | undefined;
}

/** Folder of a first authority, where nobody named one. */
const FIRST = 'db-ca';

/** Looks for the authority by the rules of `rowlock certs`: the option, the environment, the current folder. */
export async function findAuthority(
  context: CertsContext,
  option: string | undefined,
): Promise<AuthorityFacts> {
  const named = option ?? context.env[AUTHORITY_VARIABLE];
  const flag = option === undefined ? '' : ` -a ${shellWord(option)}`;
  try {
    const { folder, ledger } = await readAuthority(
      context,
      option === undefined ? {} : { authority: option },
    );
    return { missing: undefined, flag, folder, ledger };
  } catch (error) {
    const isAbsent = error instanceof CertificateError && error.code === 'CERTIFICATE_MISSING';
    // Where a monitor happens to run may be closed to it, and says nothing about an authority.
    const isElsewhere = named === undefined && isSystemError(error);
    if (!isAbsent && !isElsewhere) throw error;
    const missing = named ?? FIRST;
    return {
      missing,
      flag: named === undefined ? ` -a ${FIRST}` : flag,
      folder: missing,
      ledger: undefined,
    };
  }
}
