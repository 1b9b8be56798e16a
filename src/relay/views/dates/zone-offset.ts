/** Minutes east of UTC, which is the time of a relay. Undefined: it has no such zone. */
export function offsetOf(zone: string): number | undefined {
  if (/^(utc|system|etc\/utc)$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
