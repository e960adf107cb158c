import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The import table of ARCHITECTURE.md: who may import whom. `backends` alone means its ports, `backends/*` also its adapters. */
const mayImport: Record<string, readonly string[]> = {
  policy: [],
  flow: [],
  waf: [],
  api: ['policy', 'flow', 'waf'],
  backends: ['api', 'policy', 'flow', 'waf'],
  server: ['backends', 'api', 'policy', 'flow', 'waf'],
  sandbox: ['policy', 'flow', 'waf', 'api'],
  web: ['api', 'policy', 'flow', 'waf'],
  cli: ['policy', 'flow', 'waf', 'api', 'backends', 'backends/*', 'server', 'sandbox'],
};

/** What the pure packages may use of others' code. */
const thirdParty: Record<string, readonly string[]> = {
  policy: ['yaml', 're2js'],
  flow: ['zod', '@bufbuild/protobuf'],
  waf: ['zod'],
};

const packages = Object.keys(mayImport);
const sources = packages.flatMap((name) => walk(name, join(name, 'src')));

describe('the house', () => {
  test.each(packages)('%s imports only what the table allows', (name) => {
    const wrong = sources
      .filter((source) => source.package === name)
      .flatMap((source) => source.imports.map((imported) => ({ file: source.file, imported })))
      .filter(({ imported }) => !isAllowed(name, imported));
    expect(wrong).toEqual([]);
  });

  test.each(Object.keys(thirdParty))('%s is pure: no I/O and no third party beyond its list', (name) => {
    const allowed = thirdParty[name] ?? [];
    const wrong = sources
      .filter((source) => source.package === name && !source.isTest)
      .flatMap((source) => source.imports.map((imported) => ({ file: source.file, imported })))
      .filter(({ imported }) => !imported.startsWith('.') && !allowed.includes(packageOf(imported)));
    expect(wrong).toEqual([]);
  });

  test('files and folders are kebab-case; a file with one React component is PascalCase', () => {
    const wrong = sources.filter(({ file }) => !hasGoodName(file)).map(({ file }) => file);
    expect(wrong).toEqual([]);
  });

  test('no part is named after nothing', () => {
    const nothing = /(^|[-/.])(util|utils|helper|helpers|misc|common|shared|core|lib|manager)([-/.]|$)/;
    expect(sources.map(({ file }) => file).filter((file) => nothing.test(file))).toEqual([]);
  });

  test('only cli reads the environment', () => {
    const wrong = sources.filter(
      (source) => source.package !== 'cli' && !source.isTest && /process\.env\b/.test(source.text),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  test('tests are neither skipped nor alone, and nothing is suppressed', () => {
    const marks =
      /\b(?:test|it|describe)\.(?:only|todo|skip)\b|@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable/;
    const all = [...sources, ...walk('integration', 'integration'), ...walk('e2e', 'e2e')];
    expect(all.filter(({ text }) => marks.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

interface Source {
  readonly package: string;
  readonly file: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly imports: readonly string[];
}

function walk(name: string, folder: string): Source[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (entry === 'gen' || entry === 'node_modules' || entry === 'dist') return [];
    if (statSync(path).isDirectory()) return walk(name, path);
    return /\.(ts|tsx|css)$/.test(entry) ? [read(name, path)] : [];
  });
}

function read(name: string, path: string): Source {
  const text = readFileSync(path, 'utf8');
  const isTest = /\.test\.tsx?$|\.suite\.ts$/.test(path);
  const file = relative('.', path);
  const imports = [...text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1] ?? '');
  return { package: name, file, text, isTest, imports: path.endsWith('.css') ? [] : imports };
}

function isAllowed(name: string, imported: string): boolean {
  if (!imported.startsWith('@bartizan/')) return true;
  const target = imported.slice('@bartizan/'.length);
  const [part, ...rest] = target.split('/');
  const allowed = mayImport[name] ?? [];
  return rest.length === 0 ? allowed.includes(part ?? '') : allowed.includes(`${part}/*`);
}

function packageOf(imported: string): string {
  const parts = imported.split('/');
  return imported.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function hasGoodName(file: string): boolean {
  return file.split('/').every((part, index, parts) => {
    const isFile = index === parts.length - 1;
    if (isFile && part.endsWith('.tsx')) return /^([A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*)(\.test)?\.tsx$/.test(part);
    return /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(part);
  });
}
