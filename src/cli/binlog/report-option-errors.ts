import { OptionError } from '../../options/index.ts';

/** Does something; where it finds an option that cannot be, says so. Returns the exit status. */
export async function reportOptionErrors(
  diagnose: (line: string) => void,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    for (const line of error.lines) diagnose(line);
    return error.exitStatus;
  }
}
