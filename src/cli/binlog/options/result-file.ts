import { type Dialect, OptionError, systemReason } from '../../../options/index.ts';

/** What the real program says when --result-file cannot be opened. `cause` is the error of node:fs. */
export function resultFileError(
  dialect: Dialect,
  program: string,
  file: string,
  cause: unknown,
): OptionError {
  const { errno, text } = systemReason(cause);
  const reason = dialect === 'mysql' ? `(OS errno ${errno} - ${text})` : `(Errcode: ${errno} "${text}")`;
  return new OptionError(
    [
      `${program}: Can't create/write to file '${file}' ${reason}`,
      `ERROR: Could not create log file '${file}'`,
    ],
    1,
  );
}
