import { shellWord } from '../../shell-word.ts';
import { pkcs12 } from './pkcs12.ts';
import { authority, type Settings } from './settings.ts';
import { fileUrl, hostPart, inQuery } from './url.ts';

export const jdbc: Settings = {
  about: 'MySQL Connector/J 8 and later (keys go into PKCS#12 first)',
  write: (input) => [
    pkcs12(input),
    `# keytool -importcert -noprompt -alias rowlock-ca -file ${shellWord(authority(input))} -storetype PKCS12 -keystore ${shellWord(`${input.folder}/trust.p12`)}`,
    `jdbc:mysql://${hostPart(input.host)}:${input.port}/${input.database}?user=${encodeURIComponent(input.user)}&sslMode=VERIFY_IDENTITY` +
      `&trustCertificateKeyStoreUrl=${fileUrl(`${input.folder}/trust.p12`)}&trustCertificateKeyStoreType=PKCS12` +
      `&clientCertificateKeyStoreUrl=${fileUrl(`${input.folder}/client.p12`)}&clientCertificateKeyStoreType=PKCS12`,
    '# Passwords of the two stores: properties trustCertificateKeyStorePassword and clientCertificateKeyStorePassword.',
  ],
};

export const jdbcMariadb: Settings = {
  about: 'MariaDB Connector/J 3',
  write: (input) => [
    pkcs12(input),
    `jdbc:mariadb://${hostPart(input.host)}:${input.port}/${input.database}?user=${encodeURIComponent(input.user)}&sslMode=verify-full` +
      `&serverSslCert=${inQuery(authority(input))}&keyStore=${inQuery(`${input.folder}/client.p12`)}&keyStoreType=PKCS12`,
    '# Password of the store: property keyStorePassword.',
  ],
};
