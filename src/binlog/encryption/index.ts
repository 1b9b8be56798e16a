export {
  type KeyContainer,
  MARIADB_LOG_KEY_ID,
  parseMariadbKeyFile,
  parseMysqlKeyring,
} from './key-containers.ts';
export { MariadbEventCipher } from './mariadb-event-cipher.ts';
export {
  decodeEncryptionHeader,
  decryptLog,
  decryptPassword,
  ENCRYPTED_MAGIC,
  ENCRYPTION_HEADER_BYTES,
  type EncryptionHeader,
  encodeEncryptionHeader,
  LogStreamCipher,
  makeEncryptionHeader,
} from './mysql-encrypted-log.ts';
