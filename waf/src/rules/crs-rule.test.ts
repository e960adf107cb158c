import { describe, expect, test } from 'vitest';
import { coreRule, coreRuleVersion } from './crs-rule.ts';
import { aboutRule, paranoiaOf } from './rule-kind.ts';

describe('the catalogue of the Core Rule Set', () => {
  test.each([
    ['942100', '4', 2, 1],
    ['920290', '4', 2, 1],
    ['920290', '3.3', 4, 1],
    ['920240', '3.3', 4, 1],
    ['920240', '4', 4, 2],
    ['942110', '3.3', 4, 2],
    ['953101', '4', 3, 2],
    ['949110', '4', null, null],
  ] as const)('rule %s in version %s has severity %s at paranoia level %s', (id, version, severity, paranoia) => {
    expect(coreRule(id, version)).toMatchObject({ id, severity, paranoia });
  });

  test.each(['942110', '999999', '94210', '', 'constructor', '942100 critical'])('version 4 knows no rule %j', (id) => {
    expect(coreRule(id, '4')).toBeNull();
  });

  test('each rule says in a sentence of its own what it looks for', () => {
    expect(coreRule('934160', '4')?.about).toBe('An endless loop in JavaScript.');
    expect(coreRule('932130', '3.3')?.about).toBe('Shell substitutions such as $(…), ${…} or <(…).');
  });

  test('a rule that only its family is known of has the sentence of its family', () => {
    expect(aboutRule('942999', 'OWASP_CRS/4.30.0')).toContain('SQL');
    expect(aboutRule('1001', '')).toBe('A rule of the site itself.');
    expect(aboutRule('777777', '')).toBeNull();
  });

  test('a rule that is logged without tags has the paranoia level of the catalogue', () => {
    expect(paranoiaOf({ id: '942130', tags: [], version: 'OWASP_CRS/3.3.4' })).toBe(2);
    expect(paranoiaOf({ id: '942130', tags: ['paranoia-level/4'], version: '' })).toBe(4);
    expect(paranoiaOf({ id: '1001', tags: [], version: '' })).toBeNull();
  });

  test('the version is the one that the rule names', () => {
    expect(coreRuleVersion('OWASP_CRS/3.3.4')).toBe('3.3');
    expect(coreRuleVersion('OWASP_CRS/4.22.0')).toBe('4');
    expect(coreRuleVersion('')).toBe('4');
  });
});
