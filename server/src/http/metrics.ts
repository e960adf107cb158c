import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Deps } from '../deps.ts';

/** `/metrics` in Prometheus' text format. Labels are bounded: routes, not paths; sources, not addresses. */
export function registerMetrics(app: FastifyInstance, deps: Pick<Deps, 'sources' | 'version'>): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'bartizan_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'bartizan_http_failures_total',
    help: 'Requests that failed through a fault of the console',
    registers: [registry],
  });
  new Gauge({
    name: 'bartizan_source_up',
    help: '1 where a source answers as it should',
    labelNames: ['signal', 'source', 'kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const source of deps.sources) {
        const { kind, state } = source.status();
        this.set({ signal: source.signal, source: source.name, kind }, state === 'ok' ? 1 : 0);
      }
    },
  });
  new Gauge({ name: 'bartizan_info', help: 'The version', labelNames: ['version'], registers: [registry] }).set(
    { version: deps.version },
    1,
  );
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'page';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode === 500) failures.inc();
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
