/** What a function returns: a domain, or what makes one of those of its values. */
export type Returns =
  | 'integer'
  | 'unsigned'
  /** A year: see the domain. */
  | 'year'
  | 'number'
  | 'double'
  | 'text'
  | 'binary'
  | 'datetime'
  | 'json'
  /** What its first value is as a number. */
  | 'absolute'
  /** What its first value is. */
  | 'first'
  /** What all of its values are. */
  | 'common'
  /** The same, of the largest or smallest of them. */
  | 'extreme'
  /** What its values but the first are. */
  | 'branches'
  | 'sum'
  | 'average'
  | 'floored'
  | 'rounded'
  | 'remainder';

export interface FunctionEntry {
  /** Its name in SQLite. */
  readonly own: string;
  readonly returns: Returns;
  readonly least: number;
  readonly most: number;
  /** What its values have to be; where nothing is said, those of a function that returns a text are texts. */
  readonly takes?: 'texts' | 'numbers' | 'values' | undefined;
}

const FORM = /^(\w+) (\d+)(-?)(\d*)(?: (\w+))?$/;

/** Each is `name in SQLite`, how many values it takes: `1`, `1-2`, `1-` for any number from one, and what they have to be. */
function returning(
  returns: Returns,
  functions: Readonly<Record<string, string>>,
): Record<string, FunctionEntry> {
  const entry = (text: string): FunctionEntry => {
    const [, own, least, to, most, takes] = FORM.exec(text)!;
    const end = to === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    const taken = (['texts', 'numbers', 'values'] as const).find((each) => each === takes);
    return { own: own!, returns, least: Number(least), most: end, takes: taken };
  };
  return Object.fromEntries(Object.entries(functions).map(([name, text]) => [name, entry(text)]));
}

/** What a query may call, by MySQL's name. */
export const functionTable: Readonly<Record<string, FunctionEntry>> = {
  ...returning('integer', {
    COUNT: 'count 0-',
    LENGTH: 'mysql_length 1 texts',
    CHAR_LENGTH: 'mysql_char_length 1 texts',
    CHARACTER_LENGTH: 'mysql_char_length 1 texts',
    LOCATE: 'mysql_locate 2-3 texts',
    INSTR: 'mysql_instr 2 texts',
    POSITION: 'mysql_locate 2 texts',
    ROW_NUMBER: 'row_number 0',
    RANK: 'rank 0',
    DENSE_RANK: 'dense_rank 0',
    NTILE: 'ntile 1',
    GTID_SUBSET: 'mysql_gtid_subset 2',
    REGEXP_LIKE: 'mysql_regexp_like 2-3 texts',
    QUARTER: 'mysql_quarter 1',
    MONTH: 'mysql_month 1',
    DAY: 'mysql_day 1',
    DAYOFMONTH: 'mysql_day 1',
    HOUR: 'mysql_hour 1',
    MINUTE: 'mysql_minute 1',
    SECOND: 'mysql_second 1',
    MICROSECOND: 'mysql_microsecond 1',
    DAYOFWEEK: 'mysql_dayofweek 1',
    WEEKDAY: 'mysql_weekday 1',
    DAYOFYEAR: 'mysql_dayofyear 1',
    TO_DAYS: 'mysql_to_days 1',
    TO_SECONDS: 'mysql_to_seconds 1',
    TIME_TO_SEC: 'mysql_time_to_sec 1',
    EXTRACT: 'mysql_extract 2',
    TIMESTAMPDIFF: 'mysql_timestampdiff 3',
    DATEDIFF: 'mysql_datediff 2',
    ASCII: 'mysql_ascii 1 texts',
    FIELD: 'mysql_field 2-',
    FIND_IN_SET: 'mysql_find_in_set 2 texts',
    STRCMP: 'mysql_strcmp 2 texts',
    INET_ATON: 'mysql_inet_aton 1 texts',
    ISNULL: 'mysql_isnull 1',
    IS_UUID: 'mysql_is_uuid 1 texts',
    SIGN: 'mysql_sign 1 numbers',
    BIT_COUNT: 'mysql_bit_count 1',
    JSON_VALID: 'mysql_json_valid 1',
    JSON_LENGTH: 'mysql_json_length 1-2',
  }),
  ...returning('unsigned', {
    CRC32: 'mysql_crc32 1 texts',
  }),
  ...returning('year', {
    YEAR: 'mysql_year 1',
  }),
  ...returning('number', {
    UNIX_TIMESTAMP: 'mysql_unix_timestamp 0-1',
  }),
  ...returning('double', {
    PERCENT_RANK: 'percent_rank 0',
    CUME_DIST: 'cume_dist 0',
    POW: 'mysql_pow 2 numbers',
    POWER: 'mysql_pow 2 numbers',
    SQRT: 'mysql_sqrt 1 numbers',
    EXP: 'mysql_exp 1 numbers',
    LN: 'mysql_ln 1 numbers',
    LOG: 'mysql_log 1-2 numbers',
    LOG2: 'mysql_log2 1 numbers',
    LOG10: 'mysql_log10 1 numbers',
  }),
  ...returning('text', {
    LOWER: 'mysql_lower 1',
    LCASE: 'mysql_lower 1',
    UPPER: 'mysql_upper 1',
    UCASE: 'mysql_upper 1',
    TRIM: 'mysql_trim_of 3',
    LTRIM: 'mysql_ltrim 1',
    RTRIM: 'mysql_rtrim 1',
    SUBSTRING: 'mysql_substring 2-3',
    SUBSTR: 'mysql_substring 2-3',
    MID: 'mysql_substring 2-3',
    CONCAT: 'mysql_concat 1-',
    CONCAT_WS: 'mysql_concat_ws 2-',
    LEFT: 'mysql_left 2',
    RIGHT: 'mysql_right 2',
    REPLACE: 'mysql_replace 3',
    SUBSTRING_INDEX: 'mysql_substring_index 3',
    GTID_SUBTRACT: 'mysql_gtid_subtract 2',
    GROUP_CONCAT: 'mysql_joined 1-',
    REPEAT: 'mysql_repeat 2',
    SPACE: 'mysql_space 1',
    REVERSE: 'mysql_reverse 1',
    LPAD: 'mysql_lpad 3',
    RPAD: 'mysql_rpad 3',
    ELT: 'mysql_elt 2-',
    FORMAT: 'mysql_format 2-3',
    HEX: 'mysql_hex 1 values',
    TO_BASE64: 'mysql_to_base64 1',
    SHA: 'mysql_sha1 1',
    SHA1: 'mysql_sha1 1',
    SHA2: 'mysql_sha2 2',
    MD5: 'mysql_md5 1',
    QUOTE: 'mysql_quote 1',
    INSERT: 'mysql_insert 4',
    INET_NTOA: 'mysql_inet_ntoa 1 numbers',
    BIN: 'mysql_bin 1 texts',
    FORMAT_BYTES: 'mysql_format_bytes 1 numbers',
    FORMAT_PICO_TIME: 'mysql_format_pico_time 1 numbers',
    DAYNAME: 'mysql_dayname 1',
    MONTHNAME: 'mysql_monthname 1',
    DATE_FORMAT: 'mysql_date_format 2',
    TIMESTAMPADD: 'mysql_timestampadd 3',
  }),
  ...returning('binary', {
    JSON_UNQUOTE: 'mysql_json_unquote 1',
    UNHEX: 'mysql_unhex 1 texts',
    FROM_BASE64: 'mysql_from_base64 1 texts',
  }),
  ...returning('datetime', {
    DATE: 'mysql_date 1',
    TIME: 'mysql_time 1',
    TIMESTAMP: 'mysql_timestamp 1',
    LAST_DAY: 'mysql_last_day 1',
    TIMEDIFF: 'mysql_timediff 2',
    SEC_TO_TIME: 'mysql_sec_to_time 1 numbers',
    FROM_UNIXTIME: 'mysql_from_unixtime 1-2',
    CONVERT_TZ: 'mysql_convert_tz 3',
  }),
  ...returning('json', {
    JSON_OBJECT: 'mysql_json_object 0-',
    JSON_ARRAY: 'mysql_json_array 0-',
    JSON_EXTRACT: 'mysql_json_extract 2-',
    JSON_ARRAYAGG: 'mysql_json_arrayagg 1',
    JSON_OBJECTAGG: 'mysql_json_objectagg 2',
  }),
  ...returning('absolute', {
    ABS: 'abs 1 numbers',
  }),
  ...returning('first', {
    MIN: 'min 1',
    MAX: 'max 1',

    LAG: 'lag 1-3',
    LEAD: 'lead 1-3',
    FIRST_VALUE: 'first_value 1',
    LAST_VALUE: 'last_value 1',
    NTH_VALUE: 'nth_value 2',
    ANY_VALUE: 'mysql_any_value 1',
    NULLIF: 'nullif 2',
  }),
  ...returning('common', {
    COALESCE: 'coalesce 1-',
    IFNULL: 'ifnull 2',
  }),
  ...returning('extreme', {
    GREATEST: 'mysql_greatest 2-',
    LEAST: 'mysql_least 2-',
  }),
  ...returning('branches', {
    IF: 'mysql_if 3',
  }),
  ...returning('sum', {
    SUM: 'sum 1',
  }),
  ...returning('average', {
    AVG: 'avg 1',
  }),
  ...returning('floored', {
    FLOOR: 'mysql_floor 1 numbers',
    CEIL: 'mysql_ceiling 1 numbers',
    CEILING: 'mysql_ceiling 1 numbers',
  }),
  ...returning('rounded', {
    ROUND: 'mysql_round 1-2 numbers',
    TRUNCATE: 'mysql_truncate 2 numbers',
  }),
  ...returning('remainder', {
    MOD: 'mysql_mod 2 numbers',
  }),
};
