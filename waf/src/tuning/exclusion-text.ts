import { exclusionIds } from './exclusion.ts';
import type { Exclusion } from './exclusion.ts';

export interface ExclusionText {
  /** For a file that is included before the rule set. */
  readonly modsecurity: string;
  /** For the metadata of the Ingress that serves the path. */
  readonly annotation: string;
}

/** The same exclusions in both forms. `taken`: ids of rules that the site has already. */
export function exclusionText(exclusions: readonly Exclusion[], taken?: ReadonlySet<number>): ExclusionText {
  const ids = exclusionIds(exclusions, taken);
  const rules = exclusions.map((exclusion, index) => ({
    comment: `# ${commentOf(exclusion)}`,
    rule: ruleOf(exclusion, ids[index] ?? 0),
  }));
  const snippet = rules.flatMap(({ comment, rule }) => [comment, rule]);
  return {
    modsecurity: `${snippet.join('\n')}\n`,
    annotation: [
      'metadata:',
      '  annotations:',
      '    nginx.ingress.kubernetes.io/modsecurity-snippet: |',
      ...snippet.map((line) => `      ${line}`),
      '',
    ].join('\n'),
  };
}

/**
 * In phase 1 and before the rule set, so that the rule has not run yet. `\A` and `\z`: ModSecurity 3 lets `^` and `$` match at any
 * line of the path. One line without single quotes, so that nginx takes it inside of them.
 */
function ruleOf({ rule, target, path }: Exclusion, id: number): string {
  const control = target === null ? `ctl:ruleRemoveById=${rule}` : `ctl:ruleRemoveTargetById=${rule};${target}`;
  return String.raw`SecRule REQUEST_FILENAME "@rx \A${path.pattern}\z" "id:${id},phase:1,pass,nolog,t:none,${control}"`;
}

function commentOf({ rule, target, path }: Exclusion): string {
  const where = path.text.replaceAll(/[^\x21-\x7e]|['"\\]/g, '?');
  return `Rule ${rule} is not applied to ${target ?? 'anything'} where the path is ${where}`;
}
