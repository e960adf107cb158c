import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Fault } from '../fault.ts';
import type { Counter, Counters } from './counters.ts';

/** `/metrics` in Prometheus' text format. */
export function createMetricsServer(counters: Counters, fault: Fault | undefined): Server {
  return createServer((request, response) => {
    if (fault === 'hang') return;
    if (fault === 'fail') response.writeHead(503).end('the agent is starting\n');
    else if (request.url?.split('?')[0] !== '/metrics') response.writeHead(404).end('404 page not found\n');
    else {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(fault === 'garbage' ? '<html>bad gateway</html>\n' : counters.all().map(textOf).join(''));
    }
  });
}

function textOf({ name, help, samples }: Counter): string {
  const lines = [...samples].map(([labels, value]) => `${name}{${labels}} ${value}\n`);
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} counter\n`, ...lines].join('');
}
