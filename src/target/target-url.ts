import { UsageError } from '../errors/index.ts';

/** A server as a URL names it: `mysql://user@host:port?ssl-mode=REQUIRED`. */
export interface ServerUrl {
  readonly kind: 'server';
  /** Empty: not named. */
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** What stands behind the question mark: options of the client programs, without their dashes; undefined: one that stands without `=`. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[];
}

/** Where rows go, as a URL or a path names it. */
export type TargetUrl = ServerUrl | { readonly kind: 'sqlite'; readonly folder: string };

const SERVER = /^(mysql|mariadb):\/\//i;
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** @throws UsageError that does not repeat the text, which may hold a password */
export function parseServerUrl(text: string): ServerUrl {
  if (!SERVER.test(text))
    throw new UsageError('a server is named mysql://user@host:port or mariadb://user@host:port');
  const url = parsed(text);
  if (url.pathname !== '' && url.pathname !== '/') {
    throw new UsageError(`the URL of a server names no schema, and this one ends in '${url.pathname}'`, {
      hint: 'Choose schemas with --replicate-do-db.',
    });
  }
  if (url.hash !== '') throw new UsageError('a # in a URL is written %23');
  return {
    kind: 'server',
    host: decoded(url.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? undefined : Number(url.port),
    user: url.username === '' ? undefined : decoded(url.username),
    password: url.password === '' ? undefined : decoded(url.password),
    options: optionsOf(url),
  };
}

/** `sqlite`, `sqlite:FOLDER`, a folder's path, or a server. @throws UsageError */
export function parseTargetUrl(text: string, usualFolder?: string): TargetUrl {
  if (SERVER.test(text)) return parseServerUrl(text);
  const sqlite = /^sqlite(?::(.*))?$/is.exec(text);
  const folder = sqlite === null ? text : (sqlite[1] ?? '').replace(/^\/\/(?=\/)/, '');
  const named = folder === '' && sqlite !== null ? usualFolder : folder;
  const isUnknown = sqlite === null && SCHEME.test(text) && !/^[a-z]:[\\/]/i.test(text);
  if (isUnknown || named === undefined || named === '') {
    throw new UsageError('a target is sqlite:FOLDER, the path of a folder, mysql://… or mariadb://…');
  }
  return { kind: 'sqlite', folder: named };
}

function optionsOf({ search, searchParams }: URL): ServerUrl['options'] {
  const written = search
    .slice(1)
    .split('&')
    .filter((text) => text !== '');
  return [...searchParams].map(([name, value], at) => [
    name,
    written[at]?.includes('=') === true ? value : undefined,
  ]);
}

function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The text may hold a password: it is not repeated, nor is the error that does.
    throw new UsageError('this is no URL of a server', {
      hint: "Characters like @ : / ? # in a name or password are written with a percent sign: '@' is %40.",
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('a percent sign in a URL stands before two hexadecimal digits', {
      hint: 'The percent sign itself is written %25.',
    });
  }
}
