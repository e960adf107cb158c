import attackRows from './attacks.json' with { type: 'json' };
import ruleRows from './rules.json' with { type: 'json' };

/** A rule of the Core Rule Set 3.3.4 as ModSecurity logs it. */
export interface Rule {
  readonly id: string;
  readonly message: string;
  readonly file: string;
  readonly line: string;
  readonly severity: string;
  readonly ver: string;
  readonly operator: string;
  readonly tags: readonly string[];
}

export interface Hit {
  readonly rule: Rule;
  readonly match: string;
  readonly reference: string;
  readonly found: string;
}

/** A request that rules match, with what a real ModSecurity said about it. */
export interface Attack {
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  /** The Host header, where it is not the site's. */
  readonly host: string | undefined;
  readonly agent: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string | undefined;
  /** A word in it that may be exchanged for another of the same length. */
  readonly word: string | undefined;
  /** What the firewall answers when it may block; 200 or 404 where the score stays below the threshold. */
  readonly blockedWith: number;
  readonly hits: readonly Hit[];
  /** What ModSecurity summed up; a rule may count once for each variable, and be logged once. */
  readonly score: number;
  /** Some rules add part E, the body of the answer, to the record. */
  readonly logsBody: boolean;
}

export interface AttackBook {
  readonly evaluation: Rule;
  get(name: string): Attack;
}

export function readAttacks(): AttackBook {
  const rules = new Map(Object.entries(ruleRows).map(([id, row]): [string, Rule] => [id, { id, ...row }]));
  const ruleOf = (id: string): Rule => {
    const rule = rules.get(id);
    if (!rule) throw new Error(`no rule ${id} in the list`);
    return rule;
  };
  const attacks = new Map(
    attackRows.map((row): [string, Attack] => {
      const hits = row.hits.map(([id = '', suffix = '', reference = '', found = '']) => {
        const rule = ruleOf(id);
        return { rule, match: `${rule.operator}${suffix}`, reference, found };
      });
      const { name, method, uri, host, agent, contentType, body, word, blockedWith, score, logsBody } = row;
      return [name, { name, method, uri, host, agent, contentType, body, word, blockedWith, hits, score, logsBody }];
    }),
  );
  return {
    evaluation: ruleOf('949110'),
    get(name) {
      const attack = attacks.get(name);
      if (!attack) throw new Error(`no attack ${name} in the list`);
      return attack;
    },
  };
}

/** The same attack about something else: the word is exchanged wherever it stands. */
export function withWord(attack: Attack, word: string): Attack {
  const { word: old } = attack;
  if (old === undefined || old.length !== word.length) return attack;
  const swap = (text: string): string =>
    text.replaceAll(old, word).replaceAll(old.replaceAll(' ', '+'), word.replaceAll(' ', '+'));
  return {
    ...attack,
    uri: swap(attack.uri),
    body: attack.body && swap(attack.body),
    hits: attack.hits.map((hit) => ({
      ...hit,
      match: hit.rule.operator + swap(hit.match.slice(hit.rule.operator.length)),
      found: swap(hit.found),
    })),
  };
}
