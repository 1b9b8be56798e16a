/** Characters of a bar: filled and empty. */
const blocks = { unicode: ['█', '░'], ascii: ['#', '.'] } as const;

/** True when the locale in the environment shows UTF-8; POSIX looks at these three in this order. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale);
}

/** A bar of ten cells for the share of a validity that is left; never empty before the end, never full after the start. */
export function bar(from: Date, to: Date, now: Date, unicode: boolean): string {
  const share = (to.getTime() - now.getTime()) / Math.max(1, to.getTime() - from.getTime());
  const cells = share <= 0 ? 0 : Math.max(1, Math.min(10, Math.ceil(share * 10)));
  const [full, empty] = unicode ? blocks.unicode : blocks.ascii;
  return full.repeat(cells) + empty.repeat(10 - cells);
}
