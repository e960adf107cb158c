import type { Loaded } from './search-engine.ts';

export const manyFromMs = Date.parse('2026-06-15T00:00:00Z');
const hourMs = 3_600_000;

/** 31,415 audit documents, of which 31,000 were blocked, and 65,432 access lines; nothing in the fourth hour. */
export function manyDocuments(index: string): readonly Loaded[] {
  return [
    ...Array.from({ length: 31_415 }, (_, at) => document(index, at, 31_415, record)),
    ...Array.from({ length: 65_432 }, (_, at) => document(index, at, 65_432, line)),
  ];
}

function document(index: string, at: number, count: number, make: (at: number, time: Date) => object): Loaded {
  const second = Math.floor((at * 19 * 3600) / count);
  const ms = manyFromMs + second * 1000 + (second >= 3 * 3600 ? hourMs : 0);
  const time = new Date(ms);
  return { index, source: { '@timestamp': time.toISOString(), ...make(at, time) } };
}

function parts(time: Date): readonly string[] {
  return time.toUTCString().replace(',', '').split(' ');
}

function record(at: number, time: Date): object {
  const [week, day, month, year, clock] = parts(time);
  const messages = [
    { message: 'SQLi', details: { ruleId: '942100', severity: '2', tags: ['attack-sqli', 'OWASP_CRS'] } },
    { message: 'Exceeded (Total Score: 5)', details: { ruleId: '949110' } },
  ];
  return {
    transaction: {
      client_ip: `203.0.113.${at % 200}`,
      time_stamp: `${week} ${month} ${day} ${clock} ${year}`,
      unique_id: `u${at}`,
      request: { method: 'GET', http_version: 1.1, uri: `/p${at % 50}?id=1`, headers: { Host: 'shop.example' } },
      response: { http_code: at < 31_000 ? 403 : 404 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: at < 31_000 ? messages : [],
    },
  };
}

function line(at: number, time: Date): object {
  const [, day, month, year, clock] = parts(time);
  return {
    message: `203.0.113.${at % 200} - - [${day}/${month}/${year}:${clock} +0000] "GET /p${at % 50} HTTP/1.1" 200 9 "-" "a" 211 0.052 [shop-web-8080] [] 10.0.0.6:8080 9 0.05 200 id${at}`,
  };
}
