import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Flavor } from './charsets.ts';
import {
  charsetOfCollation,
  charsetOfCollationName,
  collationId,
  collationName,
  defaultCollation,
} from './collations.ts';

/** What information_schema lists: the number of collations, and the SHA-256 of its lines `id name charset`. */
const listed: Record<Flavor, [count: number, sha256: string]> = {
  mysql: [286, '4372fbc32ee154e9678bf45ff44c338819b919ce8925d6a26beade8f63f6af59'],
  mariadb: [1288, 'c662003e80befc7d03494f413b7e3c26294b81aa0ec1a97b2212da4634a39ca8'],
};

/** `character_set_name:default_collate_name` of information_schema.CHARACTER_SETS. */
const defaults: Record<Flavor, string> = {
  mysql:
    'armscii8:armscii8_general_ci ascii:ascii_general_ci big5:big5_chinese_ci binary:binary cp1250:cp1250_general_ci cp1251:cp1251_general_ci cp1256:cp1256_general_ci cp1257:cp1257_general_ci cp850:cp850_general_ci cp852:cp852_general_ci cp866:cp866_general_ci cp932:cp932_japanese_ci dec8:dec8_swedish_ci eucjpms:eucjpms_japanese_ci euckr:euckr_korean_ci gb18030:gb18030_chinese_ci gb2312:gb2312_chinese_ci gbk:gbk_chinese_ci geostd8:geostd8_general_ci greek:greek_general_ci hebrew:hebrew_general_ci hp8:hp8_english_ci keybcs2:keybcs2_general_ci koi8r:koi8r_general_ci koi8u:koi8u_general_ci latin1:latin1_swedish_ci latin2:latin2_general_ci latin5:latin5_turkish_ci latin7:latin7_general_ci macce:macce_general_ci macroman:macroman_general_ci sjis:sjis_japanese_ci swe7:swe7_swedish_ci tis620:tis620_thai_ci ucs2:ucs2_general_ci ujis:ujis_japanese_ci utf16:utf16_general_ci utf16le:utf16le_general_ci utf32:utf32_general_ci utf8mb3:utf8mb3_general_ci utf8mb4:utf8mb4_0900_ai_ci',
  mariadb:
    'armscii8:armscii8_general_ci ascii:ascii_general_ci big5:big5_chinese_ci binary:binary cp1250:cp1250_general_ci cp1251:cp1251_general_ci cp1256:cp1256_general_ci cp1257:cp1257_general_ci cp850:cp850_general_ci cp852:cp852_general_ci cp866:cp866_general_ci cp932:cp932_japanese_ci dec8:dec8_swedish_ci eucjpms:eucjpms_japanese_ci euckr:euckr_korean_ci gb2312:gb2312_chinese_ci gbk:gbk_chinese_ci geostd8:geostd8_general_ci greek:greek_general_ci hebrew:hebrew_general_ci hp8:hp8_english_ci keybcs2:keybcs2_general_ci koi8r:koi8r_general_ci koi8u:koi8u_general_ci latin1:latin1_swedish_ci latin2:latin2_general_ci latin5:latin5_turkish_ci latin7:latin7_general_ci macce:macce_general_ci macroman:macroman_general_ci sjis:sjis_japanese_ci swe7:swe7_swedish_ci tis620:tis620_thai_ci ucs2:ucs2_uca1400_ai_ci ujis:ujis_japanese_ci utf16:utf16_uca1400_ai_ci utf16le:utf16le_general_ci utf32:utf32_uca1400_ai_ci utf8mb3:utf8mb3_uca1400_ai_ci utf8mb4:utf8mb4_uca1400_ai_ci',
};

describe.each(['mysql', 'mariadb'] as const)('collations of %s', (flavor) => {
  it('are those the server lists', () => {
    const lines: string[] = [];
    for (let id = 0; id < 4096; id += 1) {
      const name = collationName(id, flavor);
      if (name === undefined) continue;
      lines.push(`${id} ${name} ${charsetOfCollation(id, flavor)!.name}\n`);
      expect(collationId(name.toUpperCase(), flavor)).toBe(id);
    }
    const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
    expect([lines.length, sha256]).toEqual(listed[flavor]);
  });

  it("has the server's default for every character set", () => {
    for (const pair of defaults[flavor].split(' ')) {
      const [charset, collation] = pair.split(':');
      expect(defaultCollation(charset!, flavor)).toBe(collation);
    }
  });

  it('says nothing of what it does not know', () => {
    expect(collationName(4000, flavor)).toBeUndefined();
    expect(charsetOfCollation(4000, flavor)).toBeUndefined();
    expect(collationId('klingon_ci', flavor)).toBeUndefined();
    expect(defaultCollation('klingon', flavor)).toBeUndefined();
    expect(charsetOfCollationName('klingon_ci')).toBeUndefined();
  });
});

describe('the two dialects', () => {
  it('differ where the servers do', () => {
    expect(collationName(213, 'mysql')).toBe('utf8mb3_croatian_ci');
    expect(collationName(213, 'mariadb')).toBe('utf8mb3_croatian_mysql561_ci');
    expect(collationName(2304, 'mariadb')).toBe('utf8mb4_uca1400_ai_ci');
    expect(collationName(2304, 'mysql')).toBeUndefined();
    expect(collationName(1070, 'mariadb')).toBe('utf8mb4_nopad_bin');
  });

  it('take the old name of a character set', () => {
    expect(defaultCollation('UTF8', 'mysql')).toBe('utf8mb3_general_ci');
  });
});
