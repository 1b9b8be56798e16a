const OFFSET = /^([+-])(\d{1,2}):(\d\d)$/;
const MINUTE_MS = 60_000;

/** The time zone of a session that writes rows, and a TIMESTAMP as it is written there. */
export interface RowZone {
  /** For SET. */
  readonly setting: string;
  /** A literal, from a moment in UTC. */
  readonly moment: (utc: string) => string;
}

const quoted = (text: string): string => `'${text}'`;

/** As values are read where nothing is worked out of them. */
export const UTC: RowZone = { setting: "'+00:00'", moment: quoted };

/**
 * The zone that expressions of a row follow: that of the source's session. In one with a name an hour comes twice a year: MySQL since 8.0.19
 * takes the offset with the moment, others stay with UTC.
 */
export function zoneOf(name: string | undefined): RowZone {
  if (name === undefined) return UTC;
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (sign === undefined) {
    return {
      setting: `IF(/*!80019 1 OR */ 0, '${name.replaceAll("'", '')}', '+00:00')`,
      moment: (utc) => (isZero(utc) ? quoted(utc) : `'${utc}' /*!80019 '+00:00' */`),
    };
  }
  const shift = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return {
    setting: quoted(name),
    moment: (utc) => quoted(isZero(utc) ? utc : shifted(utc, shift)),
  };
}

/** Of any zone. */
const isZero = (utc: string): boolean => utc.startsWith('0000');

/** Fractions of a second stay as they are. */
function shifted(utc: string, shift: number): string {
  const moment = new Date(Date.parse(`${utc.slice(0, 10)}T${utc.slice(11, 19)}Z`) + shift).toISOString();
  return `${moment.slice(0, 10)} ${moment.slice(11, 19)}${utc.slice(19)}`;
}
