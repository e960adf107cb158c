import { answerRules } from './crs/answers.ts';
import { commandRules } from './crs/commands.ts';
import { protocolRules } from './crs/protocol.ts';
import { queryAndScriptRules } from './crs/queries-and-scripts.ts';
import { severityNames } from './severity.ts';

export type CoreRuleVersion = '3.3' | '4';

/** One rule of the OWASP Core Rule Set, as it is in one version of it. */
export interface CoreRule {
  readonly id: string;
  /** 0 … 7; null for a rule that sets none, which scores nothing. */
  readonly severity: number | null;
  readonly paranoia: number | null;
  /** What it looks for, in our words. */
  readonly about: string;
}

/**
 * A line is the id, what the rule is, and the sentence. What it is: `severity/paranoia level`, with `3.3:` or `4:` before it where
 * the versions differ or only one has the rule. As of 3.3.10 and 4.28; https://github.com/coreruleset/coreruleset.
 */
const tables: Readonly<Record<string, string>> = {
  '90': protocolRules,
  '91': protocolRules,
  '92': protocolRules,
  '93': commandRules,
  '941': queryAndScriptRules,
  '942': queryAndScriptRules,
  '943': queryAndScriptRules,
  '944': commandRules,
  '949': answerRules,
  '95': answerRules,
  '98': answerRules,
};

/** The rule as the version has it; null for an id that the version does not have. */
export function coreRule(id: string, version: CoreRuleVersion): CoreRule | null {
  const line = lineOf(id);
  const parts = /^\d{6} ((?:\S+\/[-\d] )+)(.*)$/.exec(line);
  const facts = (parts?.[1] ?? '').trim().split(' ');
  const own = facts.find((fact) => fact.startsWith(`${version}:`)) ?? facts.find((fact) => !fact.includes(':'));
  const read = /([a-z]+|-)\/([1-4]|-)$/.exec(own ?? '');
  if (!parts || !read) return null;
  const severity = severityNames.findIndex((name) => name === read[1]);
  return {
    id,
    severity: severity < 0 ? null : severity,
    paranoia: read[2] === '-' ? null : Number(read[2]),
    about: parts[2] ?? '',
  };
}

function lineOf(id: string): string {
  const table = /^9\d{5}$/.test(id) ? (tables[id.slice(0, 2)] ?? tables[id.slice(0, 3)]) : undefined;
  const at = table?.indexOf(`\n${id} `) ?? -1;
  return table && at >= 0 ? table.slice(at + 1, table.indexOf('\n', at + 1)) : '';
}

/** The version that a rule names as its own (`OWASP_CRS/3.3.4`); the newest where it names none. */
export function coreRuleVersion(text: string): CoreRuleVersion {
  return /^OWASP_CRS\/[123]\./.test(text) ? '3.3' : '4';
}
