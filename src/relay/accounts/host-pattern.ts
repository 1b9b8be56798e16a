/** A pattern with `%`, `_` and backslashes as a regular expression without backtracking surprises: only `.*` and `.`. */
export function likePattern(pattern: string, flags = 's'): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const character = pattern[i]!;
    if (character === '\\' && i + 1 < pattern.length) {
      i += 1;
      source += escapeRegExp(pattern[i]!);
    } else if (character === '%') {
      // Neighbouring wildcards are one: `.*.*` would only cost time.
      if (!source.endsWith('.*')) source += '.*';
    } else source += character === '_' ? '.' : escapeRegExp(character);
  }
  return new RegExp(`^${source}$`, flags);
}

function escapeRegExp(character: string): string {
  return character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Who may match an account's host: an address or `localhost`. */
export type HostMatch = (host: string) => boolean;

/** How exact a pattern is: the longer the part before its first wildcard, the earlier it is tried. One without any is tried first. */
export function exactness(pattern: string): number {
  const [plain] = /^(?:\\.|[^%_])*/s.exec(pattern)!;
  return plain.length === pattern.length ? Number.MAX_SAFE_INTEGER : plain.length;
}

/** Reads the host of an account: a name, an address, a pattern, `address/netmask` or `address/bits`. */
export function hostMatch(host: string): HostMatch {
  const slash = host.indexOf('/');
  if (slash > 0) {
    const network = ipv4(host.slice(0, slash));
    const mask = maskOf(host.slice(slash + 1));
    if (network === undefined || mask === undefined) return () => false;
    return (candidate) => {
      const address = ipv4(candidate);
      return address !== undefined && (address & mask) >>> 0 === network;
    };
  }
  if (host === '' || host === '%') return () => true;
  if (!/[%_\\]/.test(host)) {
    // The loopback addresses are this machine, as they would be for a server that asks for names.
    if (host === 'localhost') return isThisMachine;
    return (candidate) => candidate === host;
  }
  const pattern = likePattern(host);
  return (candidate) => pattern.test(candidate);
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => value * 256 + part, 0);
}

function maskOf(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const bits = Number(text);
    if (bits > 32) return undefined;
    return bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  }
  return ipv4(text);
}
