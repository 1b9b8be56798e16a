import { quoteText } from '../../../certificates/index.ts';
import { authority, certificate, key, list, type Settings, type SettingsWriter } from './settings.ts';

function replication(statement: string, word: string, last: readonly string[]): SettingsWriter {
  return (input) => {
    const rows: [string, string][] = [
      ['HOST', quoteText(input.host)],
      ['PORT', String(input.port)],
      ['USER', quoteText(input.user)],
      ['SSL', '1'],
      ['SSL_CA', quoteText(authority(input))],
      ['SSL_CERT', quoteText(certificate(input))],
      ['SSL_KEY', quoteText(key(input))],
      ...(input.lists ? [['SSL_CRL', quoteText(list(input))] as [string, string]] : []),
      ['SSL_VERIFY_SERVER_CERT', '1'],
    ];
    const lines = [
      ...rows.map(([name, value]) => `  ${word}_${name} = ${value}`),
      ...last.map((line) => `  ${line}`),
    ];
    return [statement, ...lines.map((line, index) => `${line}${index === lines.length - 1 ? ';' : ','}`)];
  };
}

export const source: Settings = {
  about: 'MySQL 8.0.23 and later as a replica',
  write: replication('CHANGE REPLICATION SOURCE TO', 'SOURCE', [
    'SOURCE_AUTO_POSITION = 1',
    'REQUIRE_ROW_FORMAT = 1',
  ]),
};

export const master: Settings = {
  about: 'MariaDB, and MySQL before 8.0.23, as a replica',
  write: replication('CHANGE MASTER TO', 'MASTER', []),
};
