import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram, installedProgram, missing } from './installed.ts';
import type { Running } from './process.ts';
import { freePorts, startProgram, until } from './process.ts';

const moduleFile = '/usr/lib/nginx/modules/ngx_http_modsecurity_module.so';
const recommended = '/etc/nginx/modsecurity.conf';
const coreRules = '/usr/share/modsecurity-crs/rules';
const present = (file: string): string | null => (existsSync(file) ? file : null);

export const nginxMissing = missing({
  nginx: installedProgram('nginx'),
  'libnginx-mod-http-modsecurity': present(moduleFile),
  'modsecurity-crs': present(coreRules),
});

export const newRulesMissing = nginxMissing ?? missing({ 'Core Rule Set 4': builtProgram('crs') });

export interface NginxOptions {
  readonly engine: 'On' | 'DetectionOnly';
  readonly auditFormat: 'JSON' | 'Native';
  /** More rules, such as a site's own. */
  readonly rules?: string;
  /** Rules of the location, as ingress-nginx writes those of an annotation. */
  readonly snippet?: string;
  /** Version of the Core Rule Set: Debian's 3.3 unless given. */
  readonly ruleSet?: '3.3' | '4';
}

export interface NginxServer {
  readonly port: number;
  readonly folder: string;
  readonly auditLog: string;
  /** As ingress-nginx writes it. */
  readonly accessLog: string;
  readonly errorLog: string;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Debian's nginx with ModSecurity and the Core Rule Set, before an application that answers by path. */
export async function startNginx(options: NginxOptions): Promise<NginxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-nginx-'));
  await chmod(folder, 0o755);
  const [port = 0, appPort = 0] = await freePorts(2);
  const logs = join(folder, 'logs');
  for (const name of ['logs', 'tmp']) await mkdir(join(folder, name), { mode: 0o777 });
  const auditLog = join(logs, 'audit.log');
  await writeFile(join(folder, 'rules.conf'), await rulesFile({ ...options, auditLog, folder }));
  await writeFile(join(folder, 'nginx.conf'), nginxConf({ folder, port, appPort, snippet: options.snippet ?? '' }));
  const server: Running = startProgram(installedProgram('nginx') ?? '', [
    '-p',
    folder,
    '-c',
    'nginx.conf',
    '-e',
    'logs/error.log',
  ]);
  await until('nginx answers', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { host: 'shop.example' } });
    await answer.text();
    return answer.status === 200 ? true : undefined;
  });
  return {
    port,
    folder,
    auditLog,
    accessLog: join(logs, 'access.log'),
    errorLog: join(logs, 'error.log'),
    stop: () => server.stop(5000),
    async remove() {
      await server.stop(2000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function rulesFile(
  options: NginxOptions & { readonly auditLog: string; readonly folder: string },
): Promise<string> {
  const base = (await readFile(recommended, 'utf8'))
    .replace(/^SecRuleEngine .*/m, `SecRuleEngine ${options.engine}`)
    .replace(/^SecAuditLog .*/m, `SecAuditLog ${options.auditLog}`)
    .replace(/^SecAuditLogParts .*/m, 'SecAuditLogParts ABCEFHZ')
    .replace(/^SecTmpDir .*/m, `SecTmpDir ${join(options.folder, 'tmp')}`)
    .replace(/^SecDataDir .*/m, `SecDataDir ${join(options.folder, 'tmp')}`)
    .replace(/^SecUnicodeMapFile .*/m, 'SecUnicodeMapFile /etc/nginx/unicode.mapping 20127');
  return `${base}
SecAuditLogFormat ${options.auditFormat}
${options.rules ?? ''}
${options.ruleSet === '4' ? await newRuleSet(options.folder) : debianRuleSet}
`;
}

const debianRuleSet = `Include /etc/modsecurity/crs/crs-setup.conf
Include ${coreRules}/*.conf`;

/** Version 4, with its defaults; this ModSecurity takes no rule without an action before another. */
async function newRuleSet(folder: string): Promise<string> {
  const from = builtProgram('crs') ?? '';
  const to = join(folder, 'crs');
  await cp(from, to, { recursive: true });
  for (const name of (await readdir(to)).filter((file) => file.endsWith('.conf'))) {
    const text = await readFile(join(to, name), 'utf8');
    await writeFile(join(to, name), text.replaceAll(/^(\s+SecRule \S+ "(?:[^"\\]|\\.)*")$/gm, '$1 "t:none"'));
  }
  return `SecAction "id:900990,phase:1,pass,t:none,nolog,setvar:tx.crs_setup_version=4250"
Include ${to}/*.conf`;
}

function nginxConf(options: { folder: string; port: number; appPort: number; snippet: string }): string {
  const { folder, port, appPort, snippet } = options;
  const own = snippet === '' ? '' : `modsecurity_rules '\n${snippet}';`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path tmp/${name};`,
  );
  return `load_module ${moduleFile};
daemon off;
master_process on;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log logs/error.log warn;
events { worker_connections 512; }
http {
${temporary.join('\n')}
  log_format ingress '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $request_id';
  keepalive_requests 100000;
  large_client_header_buffers 8 32k;
  server {
    listen 127.0.0.1:${port};
    set $proxy_upstream_name "shop-web-8080";
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;
    access_log logs/access.log ingress;
    modsecurity on;
    modsecurity_rules_file ${folder}/rules.conf;
    location / { ${own} proxy_pass http://127.0.0.1:${appPort}; proxy_set_header Host $host; }
    location = /ready { access_log off; modsecurity off; return 200 "ready"; }
  }
  server {
    listen 127.0.0.1:${appPort};
    access_log off;
    default_type text/html;
    location / { return 200 "<p>Welcome to the shop</p>"; }
    location /own/ { return 403 "<p>not for you</p>"; }
    location /gone/ { return 404 "<p>gone</p>"; }
    location /leak/mysql { return 200 "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version"; }
    location /leak/php { return 200 "<b>Fatal error</b>:  Uncaught Error: in /var/www/a.php on line 3"; }
    location /leak/java { return 200 "java.lang.NullPointerException at org.apache.catalina.core.StandardWrapper.load"; }
  }
}
`;
}
