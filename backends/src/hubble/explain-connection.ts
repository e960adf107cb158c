import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { PeerCertificate } from 'node:tls';

/** PEM texts as they lie on disk now. */
export interface Pems {
  readonly ca?: Buffer | undefined;
  readonly certificate?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

interface Asked {
  readonly address: string;
  /** Null: plaintext was tried. */
  readonly pems: Pems | null;
  readonly serverName?: string | undefined;
}

const patienceMs = 2000;
/** With TLS 1.3 a server refuses a client's certificate only after the client took the handshake for done. */
const refusalMs = 300;

/** What is wrong with the certificates, or with TLS at all, of a connection of which gRPC says only that there is none; null where it is nothing of that. */
export async function explainConnection({ address, pems, serverName }: Asked): Promise<string | null> {
  const { host, port } = splitAddress(address);
  const name = serverName ?? host;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(pems?.ca ? { ca: pems.ca } : {}),
      ...(pems?.certificate ? { cert: pems.certificate } : {}),
      ...(pems?.key ? { key: pems.key } : {}),
    });
    const timer = setTimeout(() => done(null), patienceMs);
    function done(words: string | null): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(words);
    }
    socket.once('secureConnect', () => {
      if (pems === null) return done('it speaks TLS, and plaintext was tried; give relay.tls');
      const { authorizationError } = socket;
      if (authorizationError)
        return done(certificateWords(String(authorizationError), socket.getPeerCertificate(), name));
      setTimeout(() => done(null), refusalMs).unref();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => done(handshakeWords(error, pems)));
  });
}

function splitAddress(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  const host = at < 0 ? address : address.slice(0, at).replaceAll(/^\[|\]$/g, '');
  return { host, port: at < 0 ? 443 : Number(address.slice(at + 1)) };
}

function certificateWords(code: string, certificate: PeerCertificate, name: string): string {
  const issuer = certificate.issuer?.CN ?? 'an authority without a name';
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `its certificate expired at ${isoOf(certificate.valid_to)}`;
    case 'CERT_NOT_YET_VALID':
      return `its certificate is valid only from ${isoOf(certificate.valid_from)}; compare the clocks`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is for ${certificate.subjectaltname ?? certificate.subject?.CN ?? 'no name'}, and not for ${name}; give the name as relay.tls.serverName`;
    default:
      return `its certificate is signed by ${issuer}, which is not trusted (${code}); give that authority as relay.tls.ca`;
  }
}

function handshakeWords(error: NodeJS.ErrnoException, pems: Pems | null): string | null {
  const { code = '', message } = error;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EHOSTUNREACH') return null;
  const isAlert = /ALERT/i.test(code) || /alert/i.test(message);
  if (pems === null) return isAlert ? 'it speaks TLS, and plaintext was tried; give relay.tls' : null;
  if (!isAlert) return 'it does not speak TLS; leave relay.tls out, or give its TLS port';
  return pems.certificate
    ? `it does not accept our client certificate: ${message}`
    : 'it asks for a client certificate; give relay.tls.certificate and relay.tls.key';
}

function isoOf(date: string): string {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? date : new Date(ms).toISOString();
}
