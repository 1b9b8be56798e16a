import { UsageError } from '../../errors/index.ts';

/** Where files go: a folder on this machine, or on another through OpenSSH. */
export type DeployTarget =
  | { readonly kind: 'local'; readonly text: string; readonly folder: string }
  | {
      readonly kind: 'ssh';
      readonly text: string;
      readonly destination: string;
      readonly port: string | undefined;
      readonly folder: string;
    };

/**
 * Reads `/path`, `./path`, `[user@]host:/path`, or `ssh://[user@]host[:port]/path`.
 *
 * @throws UsageError for a host that ssh would take for an option, or a remote path that is not absolute
 */
export function parseTarget(text: string, resolve: (path: string) => string): DeployTarget {
  const url = /^ssh:\/\/((?:[^@/]+@)?(?:\[[^\]]+\]|[^:/]+))(?::(\d+))?(\/.*)$/.exec(text);
  const short = /^((?:[^@/:]+@)?(?:\[[^\]]+\]|[^:/@]+)):(.*)$/.exec(text);
  const match = url ?? (text.startsWith('/') || text.startsWith('.') ? null : short);
  if (match === null) return { kind: 'local', text, folder: resolve(text) };
  const destination = (match[1] ?? '').replace(/\[([^\]]+)\]/, '$1');
  const folder = url === null ? (match[2] ?? '') : (url[3] ?? '');
  if (destination.startsWith('-') || /[\s'"`$\\;&|<>]/.test(destination)) {
    throw new UsageError(`'${destination}' is not a destination for ssh`);
  }
  if (!folder.startsWith('/'))
    throw new UsageError(`the path on ${destination} must be absolute: '${folder}'`);
  return { kind: 'ssh', text, destination, port: url?.[2], folder };
}
