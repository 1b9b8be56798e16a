/** A value inside the query of a URL; paths stay readable. */
export function inQuery(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':');
}

/** A file as a URL inside the query of a URL: encoded for either. */
export const fileUrl = (path: string): string => inQuery(`file:${inQuery(path)}`);

/** A host inside a URL or address: IPv6 in brackets. */
export function hostPart(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
