import { authority, certificate, key, list, type Settings, type SettingsInput, text } from './settings.ts';

export const rails: Settings = {
  about: 'database.yml of Rails with mysql2',
  write: (input) => [
    ...databaseYml(input, 'mysql2'),
    `  sslca: ${text(authority(input))}`,
    `  sslcert: ${text(certificate(input))}`,
    `  sslkey: ${text(key(input))}`,
    '  ssl_mode: :verify_identity',
    '  # Built against MariaDB Connector/C, the gem compares host names for this option alone.',
    '  sslverify: true',
  ],
};

export const trilogy: Settings = {
  about: 'database.yml of Rails with trilogy',
  write: (input) => [
    ...databaseYml(input, 'trilogy'),
    '  ssl: true',
    `  ssl_ca: ${text(authority(input))}`,
    `  ssl_cert: ${text(certificate(input))}`,
    `  ssl_key: ${text(key(input))}`,
    ...(input.lists ? [`  ssl_crl: ${text(list(input))}`] : []),
    '  ssl_mode: verify_identity',
  ],
};

function databaseYml(input: SettingsInput, adapter: string): string[] {
  return [
    'production:',
    `  adapter: ${adapter}`,
    `  host: ${text(input.host)}`,
    `  port: ${input.port}`,
    `  username: ${text(input.user)}`,
    `  database: ${text(input.database)}`,
  ];
}
