import { optionValue } from '../../option-value.ts';
import { authority, certificate, key, list, type Settings } from './settings.ts';

export const mysqld: Settings = {
  about: 'my.cnf of a server',
  write: (input) => [
    '[mysqld]',
    `ssl_ca   = ${optionValue(authority(input))}`,
    `ssl_cert = ${optionValue(`${input.folder}/server-cert.pem`)}`,
    `ssl_key  = ${optionValue(`${input.folder}/server-key.pem`)}`,
    ...(input.lists ? [`ssl_crl  = ${optionValue(list(input))}`] : []),
    '# MySQL 5.7.8+, MariaDB 10.5.2+: nobody connects without TLS (or the local socket) any more.',
    'require_secure_transport = ON',
    '# MySQL 5.7.10+, MariaDB 10.4.6+: older protocols off.',
    'tls_version = TLSv1.2,TLSv1.3',
  ],
};

export const client: Settings = {
  about: 'my.cnf of the command-line programs',
  write: (input) => [
    '[client]',
    `ssl-ca   = ${optionValue(authority(input))}`,
    `ssl-cert = ${optionValue(certificate(input))}`,
    `ssl-key  = ${optionValue(key(input))}`,
    ...(input.lists ? [`ssl-crl  = ${optionValue(list(input))}`] : []),
    '# MySQL; unknown to MariaDB, hence loose.',
    'loose-ssl-mode = VERIFY_IDENTITY',
    '# MariaDB (default from 11.4); unknown to MySQL 8 and later, hence loose.',
    'loose-ssl-verify-server-cert',
  ],
};
