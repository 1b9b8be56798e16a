/** A moment in the local time zone, broken down as the C library's `localtime_r` does. */
export interface LocalMoment {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** The C library's abbreviation: `UTC`, `CET`, `-03`. */
  zone: string;
}

/** The local time zone, given from outside: this room looks at no clock, file or environment. */
export interface LocalTime {
  /** Breaks down seconds since 1970. The result may be reused by the next call. */
  at(seconds: number): LocalMoment;
}

/** Everything in UTC. */
export const utc: LocalTime = {
  at(seconds) {
    const date = new Date(seconds * 1000);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      zone: 'UTC',
    };
  },
};
