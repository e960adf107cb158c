import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readFile } from 'node:fs/promises';

/** What becomes of a write: `forward` hands it to the API server and waits for the answer, which is then given on or lost. */
export type Fault = (forward: () => Promise<void>) => Promise<'answered' | 'lost'>;

export interface FaultyProxy {
  readonly url: string;
  /** For the next write that is no dry run. */
  next(fault: Fault): void;
  stop(): Promise<void>;
}

/** Stands before an API server, passes everything, and loses an answer where a test wants it lost. */
export async function startFaultyProxy(to: { readonly server: string; readonly ca: string }): Promise<FaultyProxy> {
  const ca = await readFile(to.ca);
  let fault: Fault | null = null;

  async function serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await readAll(asked);
    const isWrite = asked.method !== 'GET' && !`${asked.url}${body.toString()}`.includes('dryRun');
    const wanted = isWrite ? fault : null;
    let given: IncomingMessage | null = null;
    const forward = async (): Promise<void> => {
      given = await send(asked, body);
    };
    if (wanted) fault = null;
    const what = wanted ? await wanted(forward) : await forward().then(() => 'answered' as const);
    if (what === 'lost' || given === null) return void asked.socket.destroy();
    pass(given, answer);
  }

  function send({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const target = new URL(`${to.server}${url}`);
    const call = target.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const made = call(target, { method, headers: { ...headers, host: target.host }, ca }, resolve);
      made.on('error', reject);
      made.end(body);
    });
  }

  const server = createServer((asked, answer) => {
    serve(asked, answer).catch(() => asked.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    next(wanted) {
      fault = wanted;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function pass(given: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(given.statusCode ?? 502, given.headers);
  answer.flushHeaders();
  given.pipe(answer);
  given.on('error', () => answer.destroy());
  answer.on('close', () => given.destroy());
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
