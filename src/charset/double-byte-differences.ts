/**
 * Where the servers' double-byte character sets differ from the platform's decoders. Taken from MySQL 9.7 and MariaDB 11.8
 * by `CONVERT(bytes USING charset)`, which agree, and from the TextDecoder of Node 20.
 *
 * `undefined`: codes and ranges of codes that stand for nothing. `changed`: items of a code followed by the characters
 * that it and the codes after it stand for. Names that end in 3 are the EUC planes behind a 0x8F byte.
 */
export interface DoubleByteDifferences {
  readonly undefined: string;
  readonly changed: string;
}

export const doubleByteDifferences: Readonly<Record<string, DoubleByteDifferences>> = {
  big5: {
    undefined: '8140-A0FE A15A A1C3 A1C5 A1FE-A240 A2CC A2CE A3E1 C7FD-C8FE F9DD-FEFE',
    changed:
      'A145• A14E､ A1C2‾ A1E3∼ A1F2♁☉ A241／＼ A244¥ A246¢£ C6A1ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェ C740エォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユ C7A1ョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽',
  },
  gbk: {
    undefined:
      'A140-A1A0 A240-A2A0 A2AB-A2B0 A2E3-A2E4 A2EF-A2F0 A2FD-A3A0 A440-A4A0 A4F4-A5A0 A5F7-A6A0 A6B9-A6C0 A6D9-A6DF A6EC-A6ED A6F3 A6F6-A7A0 A7C2-A7D0 A7F2-A7FE A896-A8A0 A8BC A8BF A8C1-A8C4 A8EA-A8FE A958 A95B A95D-A95F A989-A995 A997-A9A3 A9F0-A9FE AAA1-AAFE ABA1-ABFE ACA1-ACFE ADA1-ADFE AEA1-AEFE AFA1-AFFE D7FA-D7FE F8A1-F8FE F9A1-F9FE FAA1-FAFE FBA1-FBFE FCA1-FCFE FDA1-FDFE FE50-FEFE',
    changed: '',
  },
  gb2312: {
    undefined:
      '8140-A1A0 A240-A2B0 A2E3-A2E4 A2EF-A2F0 A2FD-A3A0 A440-A4A0 A4F4-A5A0 A5F7-A6A0 A6B9-A6C0 A6D9-A7A0 A7C2-A7D0 A7F2-A8A0 A8BB-A8C4 A8EA-A9A3 A9F0-B0A0 B140-B1A0 B240-B2A0 B340-B3A0 B440-B4A0 B540-B5A0 B640-B6A0 B740-B7A0 B840-B8A0 B940-B9A0 BA40-BAA0 BB40-BBA0 BC40-BCA0 BD40-BDA0 BE40-BEA0 BF40-BFA0 C040-C0A0 C140-C1A0 C240-C2A0 C340-C3A0 C440-C4A0 C540-C5A0 C640-C6A0 C740-C7A0 C840-C8A0 C940-C9A0 CA40-CAA0 CB40-CBA0 CC40-CCA0 CD40-CDA0 CE40-CEA0 CF40-CFA0 D040-D0A0 D140-D1A0 D240-D2A0 D340-D3A0 D440-D4A0 D540-D5A0 D640-D6A0 D740-D7A0 D7FA-D8A0 D940-D9A0 DA40-DAA0 DB40-DBA0 DC40-DCA0 DD40-DDA0 DE40-DEA0 DF40-DFA0 E040-E0A0 E140-E1A0 E240-E2A0 E340-E3A0 E440-E4A0 E540-E5A0 E640-E6A0 E740-E7A0 E840-E8A0 E940-E9A0 EA40-EAA0 EB40-EBA0 EC40-ECA0 ED40-EDA0 EE40-EEA0 EF40-EFA0 F040-F0A0 F140-F1A0 F240-F2A0 F340-F3A0 F440-F4A0 F540-F5A0 F640-F6A0 F740-F7A0 F840-FEFE',
    changed: 'A1A4・ A1AA―',
  },
  gb18030: {
    undefined: '',
    changed:
      'A3A0\ue5e5 A6D9\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793 A6EC\ue794\ue795 A6F3\ue796 FE59\ue81e FE61\ue826 FE66\ue82b\ue82c FE6D\ue832 FE7E\ue843 FE90\ue854 FEA0\ue864',
  },
  sjis: {
    undefined: '8740-879C ED40-FC4B',
    changed: '815F\\〜‖ 817C− 8191¢£ 81CA¬',
  },
  cp932: {
    undefined: '',
    changed: '',
  },
  euckr: {
    undefined: 'C9A1-C9FE FEA1-FEFE',
    changed: 'A2E6€®',
  },
  ujis: {
    undefined: '8EE0-8EE2 ADA1-ADFC',
    changed: 'A1C0\\〜‖ A1DD− A1F1¢£ A2CC¬',
  },
  ujis3: {
    undefined: 'F3A1-F3B7',
    changed: 'A2B7~',
  },
  eucjpms: {
    undefined: '8EE0-8EE2',
    changed: '',
  },
  eucjpms3: {
    undefined: 'F3A1-F3B7',
    changed:
      'A2C3￤ F3F3ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡ F4A1ⅢⅣⅤⅥⅦⅧⅨⅩ＇＂㈱№℡炻仼僴凬匇匤﨎咊坙﨏塚增寬峵嵓﨑德悅愠敎昻晥晴朗栁﨓﨔橫櫢淸淲瀨凞猪甁皂皞益礰礼神祥福竧靖精綠緖羽荢﨟薰蘒﨡蠇諸譿賴赶﨣﨤逸郞都鄕﨧﨨閒隆﨩霻靍靑飯飼館馞髙魲鶴黑',
  },
};
