/** Texts and what mysqlbinlog 9.7.4 says of them after `Could not configure --include-gtids '…': `. */
export const badGtidSets: readonly (readonly [text: string, message: string])[] = [
  ['bogus', 'Expected hex digit after 1 characters, marked by [HERE] in: "b[HERE]ogus"'],
  ['+', 'Expected at least two hex digits at the beginning of the string: "+"'],
  [
    '+11111111-1111-1111-1111-111111111111:1',
    'Expected hex digit at the beginning of the string: "+11111111-1111-1111-1111-..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:0',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]0"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1-[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:-3',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]-3"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1--3',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1-[HERE]-3"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:9223372036854775807',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]9223372036854775807"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:18446744073709551616',
    'Number out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]18446744073709551616"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:99999999999999999999999',
    'Number out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]99999999999999999999999"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-9223372036854775807',
    'Interval end out of range after 58 characters, marked by [HERE] in: "...36854775807[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:abc:',
    'Expected number after 41 characters, marked by [HERE] in: "...111111:abc:[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1abc',
    'Expected "," after 38 characters, marked by [HERE] in: "...111111111:1[HERE]abc"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:abc-1',
    'Expected "," after 40 characters, marked by [HERE] in: "...1111111:abc[HERE]-1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:a.b:1',
    'Expected "," after 38 characters, marked by [HERE] in: "...111111111:a[HERE].b:1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:a23456789012345678901234567890123:1',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]a234567890123456789012345..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1 2',
    'Expected "," after 39 characters, marked by [HERE] in: "...11111111:1 [HERE]2"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1;',
    'Expected "," after 38 characters, marked by [HERE] in: "...111111111:1[HERE];"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1x',
    'Expected "," after 38 characters, marked by [HERE] in: "...111111111:1[HERE]x"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1,x',
    'Expected at least two hex digits after 39 characters, marked by [HERE] in: "...11111111:1,[HERE]x"',
  ],
  [
    '11111111-1111-1111-1111-11111111111:1',
    'Expected hex digit after 35 characters, marked by [HERE] in: "...11111111111[HERE]:1"',
  ],
  [
    '11111111-1111-1111-1111-1111111111111:1',
    'Expected "," after 36 characters, marked by [HERE] in: "...11111111111[HERE]1:1"',
  ],
  [
    '111111111111111111111111111111111:1',
    'Expected "," after 32 characters, marked by [HERE] in: "...11111111111[HERE]1:1"',
  ],
  [
    '{11111111111111111111111111111111}:1',
    'Expected "-" after 9 characters, marked by [HERE] in: "{11111111[HERE]111111111111111111111111}:1"',
  ],
  [
    '{11111111-1111-1111-1111-111111111111:1',
    'Expected "}" after 37 characters, marked by [HERE] in: "...11111111111[HERE]:1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111}:1',
    'Expected "," after 36 characters, marked by [HERE] in: "...11111111111[HERE]}:1"',
  ],
  [
    '11111111-11111111-1111-1111-11111111:1',
    'Expected "-" after 13 characters, marked by [HERE] in: "11111111-1111[HERE]1111-1111-1111-11111111:1"',
  ],
  ['1111-1111:1', 'Expected hex digit after 4 characters, marked by [HERE] in: "1111[HERE]-1111:1"'],
  [
    '11111111-1111-1111-1111-111111111111:1 11111111-1111-1111-1111-111111111111:1',
    'Expected "," after 39 characters, marked by [HERE] in: "...11111111:1 [HERE]11111111-1111-1111-1111-1..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111::1',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]:1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:+1',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]+1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:0x1',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]0x1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-1-1',
    'Expected "," after 40 characters, marked by [HERE] in: "...1111111:1-1[HERE]-1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111-1',
    'Expected "," after 36 characters, marked by [HERE] in: "...11111111111[HERE]-1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111 1',
    'Expected "," after 37 characters, marked by [HERE] in: "...1111111111 [HERE]1"',
  ],
  ['ä', 'Expected hex digit at the beginning of the string: "\\xc3\\xa4"'],
  [
    '11111111-1111-1111-1111-111111111111:ä',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]\\xc3\\xa4"',
  ],
  [
    'g1111111-1111-1111-1111-111111111111:1',
    'Expected hex digit at the beginning of the string: "g1111111-1111-1111-1111-1..."',
  ],
  [
    '1111 1111-1111-1111-1111-111111111111:1',
    'Expected hex digit after 4 characters, marked by [HERE] in: "1111[HERE] 1111-1111-1111-1111-1111..."',
  ],
  [
    'bogusbogusbogusbogusbogusbogusbogusbogusbogusbogusbogusbogusbogusbogusbogus',
    'Expected hex digit after 1 characters, marked by [HERE] in: "b[HERE]ogusbogusbogusbogusbogusb..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-100:200-300:400-500:600-700:800-900:1000-1100:zz!1200-1300:1400-1500:1600-1700:1800',
    'Expected "," after 87 characters, marked by [HERE] in: "...000-1100:zz[HERE]!1200-1300:1400-1500:1600..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:123456789\tx',
    'Expected "," after 47 characters, marked by [HERE] in: "...:123456789\\t[HERE]x"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-x',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1-[HERE]x"',
  ],
  ['AUTOMATIC', 'Expected hex digit after 1 characters, marked by [HERE] in: "A[HERE]UTOMATIC"'],
  [
    '11111111-1111-1111-1111-111111111111:1 - ',
    'Expected number after 41 characters, marked by [HERE] in: "...111111:1 - [HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1,+',
    'Expected at least two hex digits after 39 characters, marked by [HERE] in: "...11111111:1,[HERE]+"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:12:a-3',
    'Expected "," after 41 characters, marked by [HERE] in: "...111111:12:a[HERE]-3"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:9223372036854775808',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]9223372036854775808"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-9223372036854775808',
    'Interval end out of range after 58 characters, marked by [HERE] in: "...36854775808[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:9223372036854775807-3',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]9223372036854775807-3"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:5-9223372036854775807',
    'Interval end out of range after 58 characters, marked by [HERE] in: "...36854775807[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:0-5',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]0-5"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:00',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]00"',
  ],
  ['1', 'Expected at least two hex digits at the beginning of the string: "1"'],
  ['11', 'Expected at least two hex digits after 2 characters, marked by [HERE] in: "11[HERE]"'],
  ['111', 'Expected at least two hex digits after 2 characters, marked by [HERE] in: "11[HERE]1"'],
  ['1111', 'Expected at least two hex digits after 4 characters, marked by [HERE] in: "1111[HERE]"'],
  ['11111111', 'Expected at least two hex digits after 8 characters, marked by [HERE] in: "11111111[HERE]"'],
  [
    '11111111-',
    'Expected at least two hex digits after 9 characters, marked by [HERE] in: "11111111-[HERE]"',
  ],
  [
    '11111111-1',
    'Expected at least two hex digits after 9 characters, marked by [HERE] in: "11111111-[HERE]1"',
  ],
  ['1g', 'Expected hex digit after 1 characters, marked by [HERE] in: "1[HERE]g"'],
  [
    '11111111-1111-1111-1111-1111111111',
    'Expected at least two hex digits after 34 characters, marked by [HERE] in: "...-1111111111[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-11111111111',
    'Expected at least two hex digits after 34 characters, marked by [HERE] in: "...-1111111111[HERE]1"',
  ],
  ['{', 'Expected at least two hex digits after 1 characters, marked by [HERE] in: "{[HERE]"'],
  ['{1', 'Expected at least two hex digits after 1 characters, marked by [HERE] in: "{[HERE]1"'],
  ['{11', 'Expected at least two hex digits after 3 characters, marked by [HERE] in: "{11[HERE]"'],
  ['{}', 'Expected at least two hex digits after 1 characters, marked by [HERE] in: "{[HERE]}"'],
  [
    '{11111111-1111-1111-1111-111111111111',
    'Expected "}" after 37 characters, marked by [HERE] in: "...11111111111[HERE]"',
  ],
  [
    '{11111111-1111-1111-1111-111111111111}}',
    'Expected "," after 38 characters, marked by [HERE] in: "...1111111111}[HERE]}"',
  ],
  [
    '{ 11111111-1111-1111-1111-111111111111}',
    'Expected hex digit after 1 characters, marked by [HERE] in: "{[HERE] 11111111-1111-1111-1111-..."',
  ],
  ['111111111-1111', 'Expected hex digit after 9 characters, marked by [HERE] in: "111111111[HERE]-1111"'],
  [
    '1111111111111111-1111',
    'Expected hex digit after 16 characters, marked by [HERE] in: "...11111111111[HERE]-1111"',
  ],
  [
    '11111111-1111-1111-1',
    'Expected at least two hex digits after 19 characters, marked by [HERE] in: "...-1111-1111-[HERE]1"',
  ],
  [
    '11111111111111x',
    'Expected at least two hex digits after 14 characters, marked by [HERE] in: "11111111111111[HERE]x"',
  ],
  [
    '111111111111111x',
    'Expected hex digit after 15 characters, marked by [HERE] in: "...11111111111[HERE]x"',
  ],
  [
    '1111111111111111x1',
    'Expected hex digit after 16 characters, marked by [HERE] in: "...11111111111[HERE]x1"',
  ],
  [
    '11111111111111111x',
    'Expected hex digit after 17 characters, marked by [HERE] in: "...11111111111[HERE]x"',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  [
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit at the beginning of the string: "xxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  [
    '1xxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit after 1 characters, marked by [HERE] in: "1[HERE]xxxxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    '1xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit after 1 characters, marked by [HERE] in: "1[HERE]xxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
  ],
  [
    '1xxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit after 1 characters, marked by [HERE] in: "1[HERE]xxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  [
    '1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'Expected hex digit after 1 characters, marked by [HERE] in: "1[HERE]xxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  [
    '\u000111111111-1111-1111-1111-111111111111',
    'Expected hex digit at the beginning of the string: "\\x0111111111-1111-1111-1111-..."',
  ],
  ["'x", 'Expected hex digit at the beginning of the string: "\'x"'],
  [
    '11111111-1111-1111-1111-111111111111:1äääääääääääääää',
    'Expected "," after 38 characters, marked by [HERE] in: "...111111111:1[HERE]\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3\\xa4\\xc3..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1:a1-4',
    'Expected "," after 41 characters, marked by [HERE] in: "...111111:1:a1[HERE]-4"',
  ],
  [
    '11111111-1111-1111-1111-111111111111,x',
    'Expected at least two hex digits after 37 characters, marked by [HERE] in: "...1111111111,[HERE]x"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1 ,xx',
    'Expected hex digit after 40 characters, marked by [HERE] in: "...1111111:1 ,[HERE]xx"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1:',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1:[HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1: ',
    'Expected number after 40 characters, marked by [HERE] in: "...1111111:1: [HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1:,',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1:[HERE],"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:,',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE],"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-,',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:1-[HERE],"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:-',
    'Expected number after 37 characters, marked by [HERE] in: "...1111111111:[HERE]-"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:9:-',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:9:[HERE]-"',
  ],
  [
    'A11111111-1111-1111-1111-111111111111',
    'Expected hex digit after 9 characters, marked by [HERE] in: "A11111111[HERE]-1111-1111-1111-111111111111"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:99999999999999999999-1',
    'Number out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]99999999999999999999-1"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-99999999999999999999',
    'Number out of range after 39 characters, marked by [HERE] in: "...11111111:1-[HERE]99999999999999999999"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-99999999999999999999x',
    'Number out of range after 39 characters, marked by [HERE] in: "...11111111:1-[HERE]99999999999999999999x"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1-9223372036854775807x',
    'Interval end out of range after 58 characters, marked by [HERE] in: "...36854775807[HERE]x"',
  ],
  [
    ' +11111111-1111-1111-1111-111111111111:1',
    'Expected hex digit after 1 characters, marked by [HERE] in: " [HERE]+11111111-1111-1111-1111-..."',
  ],
  [
    ',+11111111-1111-1111-1111-111111111111:1',
    'Expected hex digit after 1 characters, marked by [HERE] in: ",[HERE]+11111111-1111-1111-1111-..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:9223372036854775807-9223372036854775808',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]9223372036854775807-92233..."',
  ],
  [
    '11111111-1111-1111-1111-111111111111:5-9223372036854775808',
    'Interval end out of range after 58 characters, marked by [HERE] in: "...36854775808[HERE]"',
  ],
  ['11111111-1111', 'Expected "-" after 13 characters, marked by [HERE] in: "11111111-1111[HERE]"'],
  ['11111111-1111x', 'Expected "-" after 13 characters, marked by [HERE] in: "11111111-1111[HERE]x"'],
  [
    '11111111-1111-1111-1111-111111111111:18446744073709551615',
    'Interval start out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]18446744073709551615"',
  ],
  [
    '11111111-1111-',
    'Expected at least two hex digits after 14 characters, marked by [HERE] in: "11111111-1111-[HERE]"',
  ],
  ['{11111111', 'Expected "-" after 9 characters, marked by [HERE] in: "{11111111[HERE]"'],
  [
    "x\u0007\b'`\u001f\t\u000e\u001c",
    'Expected hex digit at the beginning of the string: "x\\a\\b\'`\\x1f\\t\\x0e\\x1c"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:  0',
    'Interval start out of range after 39 characters, marked by [HERE] in: "...11111111:  [HERE]0"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:  99999999999999999999',
    'Number out of range after 39 characters, marked by [HERE] in: "...11111111:  [HERE]99999999999999999999"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1 -  99999999999999999999',
    'Number out of range after 42 characters, marked by [HERE] in: "...11111:1 -  [HERE]99999999999999999999"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:1 -  9223372036854775807  ',
    'Interval end out of range after 63 characters, marked by [HERE] in: "...854775807  [HERE]"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:  a23456789012345678901234567890123:1',
    'Expected number after 39 characters, marked by [HERE] in: "...11111111:  [HERE]a234567890123456789012345..."',
  ],
  [
    ' 11111111-1111-1111-1111-111111111111 : 1-2 :  x - 3',
    'Expected "," after 49 characters, marked by [HERE] in: "...: 1-2 :  x [HERE]- 3"',
  ],
  [
    '11111111-1111-1111-1111-111111111111:000000000000000000000000000000000000000000000000099999999999999999999',
    'Number out of range after 37 characters, marked by [HERE] in: "...1111111111:[HERE]0000000000000000000000000..."',
  ],
];

/** Texts that it takes. */
export const goodGtidSets: readonly string[] = [
  '',
  ' ',
  ',',
  ',,',
  '11111111-1111-1111-1111-111111111111',
  '11111111-1111-1111-1111-111111111111:1',
  '11111111-1111-1111-1111-111111111111:5-3',
  '11111111-1111-1111-1111-111111111111:1-0',
  '11111111-1111-1111-1111-111111111111:9223372036854775806',
  '11111111-1111-1111-1111-111111111111:9223372036854775805',
  '11111111-1111-1111-1111-111111111111:1-9223372036854775806',
  '11111111-1111-1111-1111-111111111111:abc',
  '11111111-1111-1111-1111-111111111111:abc:1',
  '11111111-1111-1111-1111-111111111111:1:abc',
  '11111111-1111-1111-1111-111111111111:abc:def:1',
  '11111111-1111-1111-1111-111111111111:Abc:1',
  '11111111-1111-1111-1111-111111111111:_a1:1',
  '11111111-1111-1111-1111-111111111111:a2345678901234567890123456789012:1',
  '11111111-1111-1111-1111-111111111111 : 1 - 2 : 3 , 11111111-1111-1111-1111-111111111111',
  '{11111111-1111-1111-1111-111111111111}:1',
  '11111111111111111111111111111111:1',
  '11111111-1111-1111-1111-111111111111:01',
  '11111111-1111-1111-1111-111111111111:1:2-1:3',
  '\n11111111-1111-1111-1111-111111111111:1',
  '11111111-1111-1111-1111-111111111111:1,',
  '11111111-1111-1111-1111-111111111111:1,,11111111-1111-1111-1111-111111111111:3',
  '11111111-1111-1111-1111-111111111111:aUTOMATIC:4-2',
  '11111111-1111-1111-1111-111111111111:1-00',
  '{11111111-1111-1111-1111-111111111111}',
  '\u000b11111111-1111-1111-1111-111111111111',
  '\f\r\t 11111111-1111-1111-1111-111111111111:1',
  '11111111-1111-1111-1111-111111111111:tag :1',
  '11111111-1111-1111-1111-111111111111: tag : 1-4 :x',
  '11111111-1111-1111-1111-111111111111:1 :2',
  '11111111-1111-1111-1111-111111111111:a,',
  '11111111-1111-1111-1111-111111111111:a:b:c',
  '11111111-1111-1111-1111-111111111111:9223372036854775806-9223372036854775806',
  '11111111-1111-1111-1111-111111111111:5-0',
  '  ,  11111111-1111-1111-1111-111111111111  ,  ,  ',
  '11111111-1111-1111-1111-111111111111:00000000000000000000000000000000001',
];
