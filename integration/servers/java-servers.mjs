// OpenSearch and Elasticsearch: their jars come from Maven, and a small program of ours starts a node with them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const copyJars = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

const servers = [
  { name: 'opensearch', group: 'org.opensearch', main: 'OpenSearchNode' },
  { name: 'elasticsearch', group: 'org.elasticsearch', main: 'ElasticsearchNode' },
];

/** Makes the folder of each server whole, or leaves none. */
export function buildJavaServers(cache, has) {
  return servers.flatMap((server) => build(server, cache, has));
}

function build({ name, group, main }, cache, has) {
  const folder = join(here, name);
  const pom = readFileSync(join(folder, 'pom.xml'), 'utf8');
  const version = new RegExp(`<groupId>${group}</groupId>.*<version>([^<]+)</version>`).exec(pom)?.[1] ?? 'unknown';
  const hash = createHash('sha256')
    .update(pom)
    .update(readFileSync(join(folder, `${main}.java`)))
    .digest('hex');
  const target = join(cache, `${name}-${version}`);
  const mark = join(target, 'built-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) {
    console.log(`${name} ${version}: built`);
    return [];
  }
  const absent = ['java', 'javac', 'mvn'].filter((program) => !has(program));
  if (absent.length > 0)
    return [
      `${name} ${version}: Java 17 and Maven build it; missing: ${absent.join(', ')} (Debian: openjdk-17-jdk-headless maven)`,
    ];
  const part = `${target}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  const started = Date.now();
  const jars = `-DoutputDirectory=${join(part, 'lib')}`;
  const steps = [
    ['mvn', '-B', '-q', '-f', join(folder, 'pom.xml'), copyJars, '-DincludeScope=runtime', jars],
    ['javac', '-proc:none', '-cp', join(part, 'lib', '*'), '-d', join(part, 'classes'), join(folder, `${main}.java`)],
  ];
  const failed = steps.find(
    ([program, ...args]) => spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0,
  );
  if (failed) {
    rmSync(part, { recursive: true, force: true });
    return [`${name} ${version}: ${failed[0]} failed`];
  }
  writeFileSync(join(part, 'built-from'), hash);
  rmSync(target, { recursive: true, force: true });
  renameSync(part, target);
  console.log(`${name} ${version}: built now, in ${Math.round((Date.now() - started) / 1000)} s`);
  return [];
}
