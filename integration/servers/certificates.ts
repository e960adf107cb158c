import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const run = promisify(execFile);

/** A certificate for the loopback address and `names`, signed by an authority of its own; paths of the three files. */
export async function makeCertificates(
  folder: string,
  options: { readonly name: string; readonly names?: readonly string[]; readonly days?: number },
): Promise<Certificates> {
  const { name, names = [], days = 2 } = options;
  const path = (file: string): string => join(folder, `${name}.${file}`);
  const openssl = (...args: string[]) => run('openssl', args);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    `/CN=${name}-ca`,
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.crt'),
  );
  await openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', path('key'), '-out', path('csr'));
  const alternatives = ['IP:127.0.0.1', 'DNS:localhost', ...names.map((one) => `DNS:${one}`)].join(',');
  await writeFile(path('ext'), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  await openssl(
    'x509',
    '-req',
    '-in',
    path('csr'),
    '-CA',
    path('ca.crt'),
    '-CAkey',
    path('ca.key'),
    '-CAcreateserial',
    '-days',
    `${days}`,
    '-out',
    path('crt'),
    '-extfile',
    path('ext'),
  );
  return { ca: path('ca.crt'), cert: path('crt'), key: path('key') };
}

/** The key pair that the API server signs service account tokens with. */
export async function makeSigningKey(folder: string): Promise<{ readonly key: string; readonly publicKey: string }> {
  const [key, publicKey] = [join(folder, 'sa.key'), join(folder, 'sa.pub')];
  await run('openssl', ['genrsa', '-out', key, '2048']);
  await run('openssl', ['rsa', '-in', key, '-pubout', '-out', publicKey]);
  return { key, publicKey };
}
