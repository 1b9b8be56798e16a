import { authority, certificate, key, type Settings, text } from './settings.ts';
import { hostPart } from './url.ts';

export const go: Settings = {
  about: 'go-sql-driver/mysql',
  write: (input) => [
    'pool := x509.NewCertPool()',
    `pem, err := os.ReadFile(${text(authority(input))})`,
    'if err != nil || !pool.AppendCertsFromPEM(pem) { log.Fatal("no CA", err) }',
    `pair, err := tls.LoadX509KeyPair(${text(certificate(input))}, ${text(key(input))})`,
    'if err != nil { log.Fatal(err) }',
    'mysql.RegisterTLSConfig("rowlock", &tls.Config{',
    '\tRootCAs: pool, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12,',
    `\tServerName: ${text(input.host)},`,
    '})',
    `db, err := sql.Open("mysql", ${text(`${input.user}@tcp(${hostPart(input.host)}:${input.port})/${input.database}?tls=rowlock`)})`,
  ],
};
