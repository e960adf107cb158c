import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { coreRule } from '@bartizan/waf';
import type { CoreRuleVersion } from '@bartizan/waf';
import { describe, expect, test } from 'vitest';
import { builtProgram, missing } from './servers/installed.ts';

const folders: readonly { readonly version: CoreRuleVersion; readonly name: string; readonly folder: string | null }[] =
  [
    { version: '3.3', name: "Debian's modsecurity-crs", folder: '/usr/share/modsecurity-crs/rules' },
    { version: '4', name: 'crs', folder: builtProgram('crs') },
  ];

const severities = ['EMERGENCY', 'ALERT', 'CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'];

interface InstalledRule {
  readonly id: string;
  readonly severity: number | null;
  /** Undefined where the rule carries no such tag. */
  readonly paranoia: number | undefined;
}

/** The rules of a folder that log a message: what a firewall's log can name. */
function installedRules(folder: string): readonly InstalledRule[] {
  const files = readdirSync(folder).filter((file) => /^RE(?:QUEST|SPONSE)-9.*\.conf$/.test(file));
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
      .replaceAll(/^\s*#.*$/gm, '')
      .replaceAll(/\\\n\s*/g, '');
    return text.split('\n').flatMap((line): InstalledRule[] => {
      const id = /[",]id:(\d{6})/.exec(line)?.[1];
      if (id === undefined || !/[",]msg:'/.test(line)) return [];
      const severity = /severity:'([A-Z]+)'/.exec(line)?.[1];
      const level = /paranoia-level\/([1-4])/.exec(line)?.[1];
      return [
        {
          id,
          severity: severity === undefined ? null : severities.indexOf(severity),
          paranoia: level === undefined ? undefined : Number(level),
        },
      ];
    });
  });
}

describe.each(folders)('$name, version $version', ({ version, name, folder }) => {
  const isMissing = missing({ [name]: folder !== null && existsSync(folder) ? folder : null });

  test.skipIf(isMissing !== null)(
    `each rule that logs is in our catalogue, with its severity and its paranoia level (${isMissing ?? 'installed'})`,
    () => {
      const rules = installedRules(folder ?? '');
      expect(rules.length).toBeGreaterThan(200);
      const wrong = rules.flatMap(({ id, severity, paranoia }) => {
        const ours = coreRule(id, version);
        const isRight = ours?.severity === severity && (paranoia === undefined || ours.paranoia === paranoia);
        return isRight ? [] : [{ id, severity, paranoia, ours }];
      });
      expect(wrong).toEqual([]);
    },
  );
});
