import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the address of the system. */
  readonly path: string;
  /** User and password of the address are sent where `Authorization` is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly text: string } | undefined;
  readonly signal: AbortSignal;
}

/** Questions to one system over connections that are kept open. */
export interface HttpExchange {
  /** The answer, whatever it is. */
  ask(question: HttpQuestion): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Where it redirects to, without what may be secret; redirects are not followed, for credentials are sent. */
  readonly location?: string;
}

export function createHttpExchange(options: {
  readonly url: string;
  /** A file in PEM, read again for every question; the system's authorities unless given. */
  readonly ca: string | undefined;
  /** Bytes; a larger answer is an error. */
  readonly largestAnswer: number;
}): HttpExchange {
  const { url, ca, largestAnswer } = options;
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  async function open({ method, path, headers, body, signal }: HttpQuestion): Promise<IncomingMessage> {
    const target = new URL(`${url.replace(/\/+$/, '')}${path}`);
    const authority = ca === undefined ? {} : { ca: await readFile(ca, 'utf8') };
    const content = body && { 'Content-Type': body.type, 'Content-Length': Buffer.byteLength(body.text) };
    const asked = {
      method,
      signal,
      headers: { Accept: 'application/json', 'User-Agent': 'bartizan', ...headers, ...content },
    };
    return new Promise((resolve, reject) => {
      const made =
        target.protocol === 'https:'
          ? httpsRequest(target, { ...asked, ...authority, agent: agents.https }, resolve)
          : httpRequest(target, { ...asked, agent: agents.http }, resolve);
      made.on('error', reject);
      made.end(body?.text);
    });
  }

  return {
    async ask(question) {
      const response = await open(question);
      const { statusCode = 0, headers } = response;
      const location = headers.location === undefined ? {} : { location: placeOf(headers.location, url) };
      return { status: statusCode, text: await readText(response, largestAnswer), ...location };
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function placeOf(location: string, base: string): string {
  const target = URL.canParse(location, base) ? new URL(location, base) : null;
  return target ? `${target.origin}${target.pathname}` : 'an address that is none';
}

async function readText(response: IncomingMessage, largestAnswer: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const piece = Buffer.from(chunk);
    size += piece.length;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer / 1024 / 1024} MB`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
