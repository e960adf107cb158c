/** Records and lines as a firewall writes them, about as long as real ones; the same for the same index. */
const attacks = [
  {
    rule: '942100',
    message: 'SQL Injection Attack Detected via libinjection',
    tag: 'attack-sqli',
    value: "1' or '1'='1",
    matches: 6,
  },
  {
    rule: '941110',
    message: 'XSS Filter - Category 1: Script Tag Vector',
    tag: 'attack-xss',
    value: '<script>alert(1)</script>',
    matches: 5,
  },
  { rule: '930120', message: 'OS File Access Attempt', tag: 'attack-lfi', value: '../../etc/passwd', matches: 4 },
  {
    rule: '932160',
    message: 'Remote Command Execution: Unix Shell Code Found',
    tag: 'attack-rce',
    value: '; cat /etc/passwd',
    matches: 3,
  },
];

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

function clockOf(time: Date): string {
  return `${pad(time.getUTCHours())}:${pad(time.getUTCMinutes())}:${pad(time.getUTCSeconds())}`;
}

export interface Request {
  readonly client: string;
  readonly uri: string;
  readonly timeMs: number;
  readonly isAttack: boolean;
  /** As the client saw it; without it 403 of an attack, else 200. */
  readonly status?: number;
}

export function requestOf(index: number, timeMs: number, isAttack: boolean): Request {
  const attack = attacks[index % attacks.length];
  const path = `/product/${index % 5000}/reviews`;
  return {
    client: `203.0.${index % 113}.${index % 251}`,
    uri: isAttack ? `${path}?id=${encodeURIComponent(attack?.value ?? '')}&n=${index}` : `${path}?page=${index % 97}`,
    timeMs,
    isAttack,
  };
}

export function auditRecord(request: Request, index: number): string {
  const attack = attacks[index % attacks.length];
  const time = new Date(request.timeMs);
  const ctime = `${days[time.getUTCDay()]} ${months[time.getUTCMonth()]} ${pad(time.getUTCDate())} ${clockOf(time)} ${time.getUTCFullYear()}`;
  const message = (id: string, text: string, tags: readonly string[]) => ({
    message: text,
    details: {
      match: `Matched "Operator \`Rx' with parameter \`(?i)(?:union\\s*?select|or\\s+[\\d']+=[\\d']+|<script[^>]*>|etc/passwd)' against variable \`ARGS:id' (Value: \`${attack?.value}' )`,
      reference: 'o0,8v10,25t:utf8toUnicode,t:urlDecodeUni,t:htmlEntityDecode,t:jsDecode,t:cssDecode,t:removeNulls',
      ruleId: id,
      file: '/usr/share/modsecurity-crs/rules/REQUEST-942-APPLICATION-ATTACK-SQLI.conf',
      lineNumber: '46',
      data: `Matched Data: s&1c found within ARGS:id: ${attack?.value}`,
      severity: '2',
      ver: 'OWASP_CRS/3.3.4',
      rev: '',
      tags,
      maturity: '0',
      accuracy: '0',
    },
  });
  const tags = [
    'application-multi',
    'language-multi',
    'platform-multi',
    attack?.tag ?? '',
    'paranoia-level/1',
    'OWASP_CRS',
    'capec/1000/152/242',
  ];
  const own = Array.from({ length: attack?.matches ?? 1 }, (_, at) =>
    message(String(Number(attack?.rule) + at * 10), attack?.message ?? '', tags),
  );
  return `${JSON.stringify({
    transaction: {
      client_ip: request.client,
      time_stamp: ctime,
      server_id: '2ce124b0c5d02b433a9392782ff8b313286c1942',
      client_port: 60974,
      host_ip: '10.0.0.9',
      host_port: 80,
      unique_id: `1795666742${pad(index % 100)}.${100_000 + (index % 900_000)}`,
      request: {
        method: 'GET',
        http_version: 1.1,
        uri: request.uri,
        headers: {
          Host: 'shop.example',
          'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0',
          Accept: 'text/html,application/xhtml+xml',
          Cookie: `sid=${index}abcdef; theme=dark`,
        },
      },
      response: {
        body: '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n',
        http_code: 403,
        headers: {
          Server: 'nginx/1.22.1',
          'Content-Length': '153',
          'Content-Type': 'text/html',
          Connection: 'keep-alive',
        },
      },
      producer: {
        modsecurity: 'ModSecurity v3.0.9 (Linux)',
        connector: 'ModSecurity-nginx v1.0.3',
        secrules_engine: 'Enabled',
        components: ['OWASP_CRS/3.3.4"'],
      },
      messages: [...own, message('949110', 'Inbound Anomaly Score Exceeded (Total Score: 15)', ['attack-generic'])],
    },
  })}\n`;
}

export function accessLine(request: Request, index: number): string {
  const time = new Date(request.timeMs);
  const local = `${pad(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}:${clockOf(time)} +0000`;
  const { status = request.isAttack ? 403 : 200 } = request;
  const id = index.toString(16).padStart(32, '0');
  return `${request.client} - - [${local}] "GET ${request.uri} HTTP/1.1" ${status} 743 "-" "Mozilla/5.0 (X11; Linux x86_64)" 211 0.052 [shop-web-8080] [] 10.0.0.6:8080 743 0.051 ${status} ${id}\n`;
}
