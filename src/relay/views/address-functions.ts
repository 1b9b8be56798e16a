import { ServerError } from '../../errors/index.ts';
import { type Body, bytesIn, strict } from './function-body.ts';
import { integerOf, textOf } from './numbers.ts';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The bytes of `10.0.0.1`; undefined: it is none. */
function ipv4(text: string): Buffer | undefined {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  return parts === undefined || parts.some((part) => part > 255) ? undefined : Buffer.from(parts);
}

/** The bytes of an address that may lack some in its middle: `127.1`; undefined: it is none. */
function shortIpv4(text: string): Buffer | undefined {
  if (!/^[\d.]*\d$/.test(text)) return undefined;
  const parts = text.split('.');
  const last = parts.pop()!;
  if (parts.length > 3) return undefined;
  return ipv4([...parts.map((part) => part || '0'), ...Array(3 - parts.length).fill('0'), last].join('.'));
}

/** The words of `a:b:c`, where the last may be an address of four bytes; undefined: they are none. */
function words(text: string, mayEndInBytes: boolean): Buffer | undefined {
  if (text === '') return Buffer.alloc(0);
  const parts = text.split(':');
  const bytes: Buffer[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[\da-f]{1,4}$/i.test(part)) bytes.push(Buffer.from(part.padStart(4, '0'), 'hex'));
    else {
      const last = mayEndInBytes && i === parts.length - 1 ? ipv4(part) : undefined;
      if (last === undefined) return undefined;
      bytes.push(last);
    }
  }
  return Buffer.concat(bytes);
}

/** The sixteen bytes of an address; undefined: it is none. */
function ipv6(text: string): Buffer | undefined {
  const [left = '', right, more] = text.split('::');
  if (more !== undefined || text.length > 39 + 6) return undefined;
  const [first, last] = [words(left, right === undefined), words(right ?? '', true)];
  if (first === undefined || last === undefined) return undefined;
  const missing = 16 - first.length - last.length;
  if (right === undefined ? missing !== 0 : missing < 2) return undefined;
  return Buffer.concat([first, Buffer.alloc(missing), last]);
}

/** The longest run of zeros is left out; what holds an address of four bytes ends in it. */
function ipv6Text(bytes: Buffer): string {
  const parts = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2));
  let gap = { at: -1, length: 0 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (at + length < 8 && parts[at + length] === 0) length += 1;
    if (length > gap.length) gap = { at, length };
  }
  const holdsFour = gap.at === 0 && (gap.length === 6 || (gap.length === 5 && parts[5] === 0xff_ff));
  const shown = parts.map((part) => part.toString(16));
  if (holdsFour) shown.splice(6, 2, Array.from(bytes.subarray(12)).join('.'));
  if (gap.length === 0) return shown.join(':');
  return `${shown.slice(0, gap.at).join(':')}::${shown.slice(gap.at + gap.length).join(':')}`;
}

const UUID =
  /^(?:\{([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\}|([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|([\da-f]{32}))$/i;

/** ER_WRONG_VALUE_FOR_TYPE */
const wrongValue = (value: string, call: string): ServerError =>
  new ServerError(1411, 'HY000', `Incorrect string value: '${value}' for function ${call}`);

/** With its times in front, as indexes like them: `time_high time_mid time_low`, or back. */
function swapped(bytes: Buffer, isBack: boolean): Buffer {
  const cut = (from: number, to: number): Buffer => bytes.subarray(from, to);
  const parts = isBack ? [cut(4, 8), cut(2, 4), cut(0, 2)] : [cut(6, 8), cut(4, 6), cut(0, 4)];
  return Buffer.concat([...parts, cut(8, 16)]);
}

/** To MariaDB, NULL is no address. */
const isAddress =
  (read: (text: string) => Buffer | undefined): Body =>
  (flavor = null, value = null) => {
    if (value === null) return flavor === 'mariadb' ? 0n : null;
    return read(textOf(value)) === undefined ? 0n : 1n;
  };

/** MySQL's functions of addresses and identifiers, by the name they have inside. */
export const addressFunctions: Readonly<Record<string, Body>> = {
  mysql_inet_aton: strict(1, (value = null) => {
    const bytes = shortIpv4(textOf(value));
    return bytes === undefined ? null : BigInt(bytes.readUInt32BE());
  }),
  mysql_inet_ntoa: strict(1, (value = null) => {
    const number = integerOf(value);
    if (BigInt.asUintN(32, number) !== number) return null;
    return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join('.');
  }),
  mysql_inet6_aton: strict(1, (value = null) => ipv4(textOf(value)) ?? ipv6(textOf(value)) ?? null),
  mysql_inet6_ntoa: strict(1, (value = null) => {
    const bytes = bytesIn(value);
    if (bytes.length === 4) return Array.from(bytes).join('.');
    return bytes.length === 16 ? ipv6Text(bytes) : null;
  }),
  mysql_is_ipv4: isAddress(ipv4),
  mysql_is_ipv6: isAddress(ipv6),
  mysql_is_uuid: strict(1, (value = null) => (UUID.test(textOf(value)) ? 1n : 0n)),
  mysql_uuid_to_bin: (value = null, swap = null) => {
    if (value === null) return null;
    const found = UUID.exec(textOf(value));
    if (found === null) throw wrongValue(textOf(value), 'uuid_to_bin');
    const bytes = Buffer.from(found[0].replaceAll(/[{}-]/g, ''), 'hex');
    return swap === null || Number(swap) === 0 ? bytes : swapped(bytes, false);
  },
  mysql_bin_to_uuid: (value = null, swap = null) => {
    if (value === null) return null;
    const bytes = bytesIn(value);
    if (bytes.length !== 16) throw wrongValue(textOf(value), 'bin_to_uuid');
    const hex = (swap === null || Number(swap) === 0 ? bytes : swapped(bytes, true)).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
};
