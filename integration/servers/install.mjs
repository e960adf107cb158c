// Makes the real servers that the integration and browser tests start: Debian packages, Go programs built from pinned modules, files
// out of such modules and Java servers from pinned jars, into ~/.cache/bartizan/servers (XDG_CACHE_HOME is respected). Does nothing where they are there already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildJavaServers } from './java-servers.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bartizan', 'servers');

const debianPackages = [
  'nginx',
  'libnginx-mod-http-modsecurity',
  'modsecurity-crs',
  'prometheus',
  'chromium',
  'fonts-liberation',
];

const kubernetes = moduleVersion('kubernetes', 'k8s.io/kubernetes');
const etcd = moduleVersion('kubernetes', 'go.etcd.io/etcd/server/v3');
const cilium = moduleVersion('hubble', 'github.com/cilium/cilium');
const coreRules = moduleVersion('crs', 'github.com/corazawaf/coraza-coreruleset/v4');

const programs = [
  { name: 'etcd', version: etcd, folder: 'kubernetes', target: 'go.etcd.io/etcd/server/v3' },
  {
    name: 'kube-apiserver',
    version: kubernetes,
    folder: 'kubernetes',
    target: 'k8s.io/kubernetes/cmd/kube-apiserver',
    flags: versionFlags(kubernetes),
  },
  { name: 'hubble-node', version: `${cilium}-${sourceHash('hubble')}`, folder: 'hubble', target: '.' },
  { name: 'hubble-relay', version: cilium, folder: 'hubble', target: 'github.com/cilium/cilium/hubble-relay' },
  { name: 'hubble', version: cilium, folder: 'hubble', target: 'github.com/cilium/cilium/hubble' },
  { name: 'cilium-oracle', version: `${cilium}-${sourceHash('oracle')}`, folder: 'oracle', target: '.' },
];

const copies = [
  {
    name: 'cilium-crds',
    version: cilium,
    folder: 'hubble',
    module: 'github.com/cilium/cilium',
    from: 'pkg/k8s/apis/cilium.io/client/crds/v2',
    suffix: '.yaml',
  },
  {
    name: 'crs',
    version: coreRules,
    folder: 'crs',
    module: 'github.com/corazawaf/coraza-coreruleset/v4',
    from: 'rules/@owasp_crs',
  },
];

const problems = [
  ...installPackages(),
  ...programs.flatMap(build),
  ...copies.flatMap(copyFromModule),
  ...buildJavaServers(cache, has),
];
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

function installPackages() {
  const missing = debianPackages.filter((name) => !isInstalled(name));
  for (const name of debianPackages) if (!missing.includes(name)) console.log(`${name}: installed`);
  if (missing.length === 0) return [];
  const byHand = `install them: apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!has('apt-get')) return [`missing: ${missing.join(', ')}; this machine has no apt-get, ${byHand} on Debian`];
  if (process.getuid?.() !== 0) return [`missing: ${missing.join(', ')}; not root, so ${byHand}`];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const ran = ['update', install].map((args) =>
    spawnSync('apt-get', ['-q', ...[args].flat()], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  if (ran.at(-1)?.status !== 0) return [`apt-get could not install ${missing.join(', ')}`];
  for (const name of missing) console.log(`${name}: installed now`);
  return [];
}

function build({ name, version, folder, target, flags = '' }) {
  const file = join(cache, `${name}-${version}`);
  if (existsSync(file)) {
    console.log(`${name} ${version}: built`);
    return [];
  }
  if (!has('go')) return [`${name} ${version}: Go 1.26 or newer builds it, and there is none`];
  mkdirSync(cache, { recursive: true });
  const part = `${file}.${process.pid}.part`;
  const started = Date.now();
  const { status } = spawnSync(
    'go',
    ['build', '-trimpath', '-buildvcs=false', '-ldflags', `-s -w ${flags}`, '-o', part, target],
    {
      cwd: join(here, folder),
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) {
    rmSync(part, { force: true });
    return [`${name} ${version}: go build failed`];
  }
  chmodSync(part, 0o755);
  renameSync(part, file);
  console.log(`${name} ${version}: built now, in ${Math.round((Date.now() - started) / 1000)} s`);
  return [];
}

/** Files out of a module of Go: only read, so nothing is built. */
function copyFromModule({ name, version, folder, module, from, suffix = '' }) {
  const target = join(cache, `${name}-${version}`);
  if (existsSync(target)) {
    console.log(`${name} ${version}: copied`);
    return [];
  }
  if (!has('go')) return [`${name} ${version}: Go 1.26 or newer fetches it, and there is none`];
  const downloaded = spawnSync('go', ['mod', 'download', '-json', module], {
    cwd: join(here, folder),
    encoding: 'utf8',
  });
  const source = downloaded.status === 0 ? join(JSON.parse(downloaded.stdout).Dir, from) : '';
  if (!existsSync(source)) return [`${name} ${version}: not found in the module`];
  const part = `${target}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  for (const file of readdirSync(source).filter((one) => one.endsWith(suffix))) {
    cpSync(join(source, file), join(part, file));
    chmodSync(join(part, file), 0o644);
  }
  renameSync(part, target);
  console.log(`${name} ${version}: copied now`);
  return [];
}

function moduleVersion(folder, module) {
  const line = readFileSync(join(here, folder, 'go.mod'), 'utf8')
    .split('\n')
    .find((one) =>
      one
        .trim()
        .replace(/^require /, '')
        .startsWith(`${module} v`),
    );
  return (
    line
      ?.trim()
      .replace(/^require /, '')
      .split(' ')[1] ?? 'unknown'
  );
}

/** Our own programs are built anew when their sources change. */
function sourceHash(folder) {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(here, folder)).toSorted())
    if (/\.go$|^go\.(mod|sum)$/.test(file) && !file.endsWith('_test.go'))
      hash.update(readFileSync(join(here, folder, file)));
  return hash.digest('hex').slice(0, 8);
}

/** Without these the server calls itself v0.0.0-master. */
function versionFlags(version) {
  const set = 'k8s.io/component-base/version';
  const [major, minor] = version.slice(1).split('.');
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
  };
  return Object.entries(values)
    .map(([key, value]) => `-X ${set}.${key}=${value}`)
    .join(' ');
}

function isInstalled(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return status === 0 && stdout.endsWith('ok installed');
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
