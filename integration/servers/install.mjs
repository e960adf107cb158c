// Makes the real servers that the integration and browser tests start: Debian packages, Go programs built from pinned modules and
// Java servers from pinned jars into ~/.cache/bartizan/servers (XDG_CACHE_HOME is respected). Does nothing where they are there already.
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

const problems = [
  ...installPackages(),
  ...programs.flatMap(build),
  ...copyDefinitions(),
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

/** Cilium's CustomResourceDefinitions, out of its module. */
function copyDefinitions() {
  const folder = join(cache, `cilium-crds-${cilium}`);
  if (existsSync(folder)) {
    console.log(`cilium-crds ${cilium}: copied`);
    return [];
  }
  if (!has('go')) return [];
  const listed = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/cilium/cilium'], {
    cwd: join(here, 'hubble'),
    encoding: 'utf8',
  });
  const source = join(listed.stdout.trim(), 'pkg/k8s/apis/cilium.io/client/crds/v2');
  if (listed.status !== 0 || !existsSync(source)) return [`cilium-crds ${cilium}: not found in the module`];
  const part = `${folder}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  for (const file of readdirSync(source).filter((one) => one.endsWith('.yaml'))) {
    cpSync(join(source, file), join(part, file));
    chmodSync(join(part, file), 0o644);
  }
  renameSync(part, folder);
  console.log(`cilium-crds ${cilium}: copied now`);
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
