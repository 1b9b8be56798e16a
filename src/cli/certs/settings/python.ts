import { authority, certificate, key, type Settings, text } from './settings.ts';
import { hostPart } from './url.ts';

export const pymysql: Settings = {
  about: 'PyMySQL',
  write: (input) => [
    'import pymysql',
    '',
    'connection = pymysql.connect(',
    `    host=${text(input.host)}, port=${input.port}, user=${text(input.user)}, database=${text(input.database)},`,
    `    ssl_ca=${text(authority(input))},`,
    `    ssl_cert=${text(certificate(input))},`,
    `    ssl_key=${text(key(input))},`,
    '    ssl_verify_cert=True,',
    '    ssl_verify_identity=True,',
    ')',
  ],
};

export const sqlalchemy: Settings = {
  about: 'SQLAlchemy with PyMySQL',
  write: (input) => [
    'from sqlalchemy import create_engine',
    '',
    'engine = create_engine(',
    `    ${text(`mysql+pymysql://${encodeURIComponent(input.user)}@${hostPart(input.host)}:${input.port}/${input.database}`)},`,
    '    connect_args={',
    `        "ssl_ca": ${text(authority(input))},`,
    `        "ssl_cert": ${text(certificate(input))},`,
    `        "ssl_key": ${text(key(input))},`,
    '        "ssl_verify_cert": True,',
    '        "ssl_verify_identity": True,',
    '    },',
    ')',
  ],
};
