import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** fe80::/10, and multicast to one link. */
const ON_ONE_LINK = /^(fe[89ab]|ff[0-9a-f]2)/i;

/**
 * A host as Node's sockets take it. The zone of an IPv6 address (`fe80::1%eth0`, `fe80::1%4`) is held against the rules of glibc's
 * getaddrinfo: names count on one link only, numbers everywhere. Sockets take any text, and connect to the address without it.
 *
 * @throws Error with the code ENOTFOUND for a zone that is none
 */
export function withZone(host: string): string {
  const [address = '', zone] = host.split(/%(.*)/s);
  if (zone === undefined || isIP(address) !== 6) return host;
  const isNumber = /^\d+$/.test(zone);
  if (!ON_ONE_LINK.test(address)) {
    if (isNumber) return address;
  } else {
    const name = interfaceName(zone);
    if (name !== undefined) return `${address}%${name}`;
    if (isNumber) return host;
  }
  throw Object.assign(new Error(`no interface '${zone}'`), { code: 'ENOTFOUND' });
}

/** Of an interface that has addresses, by its name or number. */
function interfaceName(zone: string): string | undefined {
  const interfaces = Object.entries(networkInterfaces());
  const found =
    interfaces.find(([name]) => name === zone) ??
    interfaces.find(([, addresses = []]) =>
      addresses.some((one) => one.family === 'IPv6' && one.scopeid > 0 && String(one.scopeid) === zone),
    );
  return found?.[0];
}
