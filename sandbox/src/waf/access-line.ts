import type { WebRequest } from './web-request.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line as ingress-nginx writes it with its `log-format-upstream` as shipped. */
export function accessLine(request: WebRequest): string {
  const { client, time, durationMs, method, uri, status, bytes, length, upstream, upstreamName, requestId } = request;
  const seconds = (durationMs / 1000).toFixed(3);
  const served = upstream ? `${upstream} ${bytes} ${seconds} ${status}` : '- - - -';
  return `${client} - - [${localTime(time + durationMs)}] "${method} ${uri} HTTP/1.1" ${status} ${bytes} "${request.referer ?? '-'}" "${request.agent ?? '-'}" ${length} ${seconds} [${upstreamName}] [] ${served} ${requestId}\n`;
}

function localTime(time: number): string {
  const date = new Date(time);
  const iso = date.toISOString();
  return `${iso.slice(8, 10)}/${months[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
