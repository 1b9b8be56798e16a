declare const ROWLOCK_VERSION: string | undefined;

/** The package's version; the build writes it in. */
export const version: string = typeof ROWLOCK_VERSION === 'string' ? ROWLOCK_VERSION : '0.0.0';
