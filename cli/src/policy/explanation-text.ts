import type { Decider, Explanation, L7Explanation, NearMiss, SideExplanation } from '@bartizan/policy';

interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly protocol: string;
}

type PlaceOf = (policy: string, path: string) => string | undefined;

/** The walk through both sides, for people. */
export function explanationInWords(question: Question, explanation: Explanation, placeOf: PlaceOf): string {
  const { from, to, port, protocol } = question;
  const { egress, ingress } = explanation.sides;
  const lines = [
    `${from} -> ${to} ${port}/${protocol}: ${explanation.verdict.toUpperCase()}`,
    '',
    `egress of ${from}: ${sideInWords(egress)}`,
    ...detailsOf(egress, placeOf),
    `ingress of ${to}: ${sideInWords(ingress)}`,
    ...detailsOf(ingress, placeOf),
    ...nearestInWords(explanation.nearest, placeOf),
  ];
  return `${lines.join('\n')}\n`;
}

const reasons: Readonly<Record<SideExplanation['reason'], string>> = {
  'not-enforced': 'no policy is enforced at that end',
  'no-policy': 'no policy selects it in this direction, so everything passes',
  'no-default-deny': 'the policies that select it deny nothing by default, and none of them denies this',
  'local-host': 'a node may always reach its own pods',
  allow: 'by',
  deny: 'by',
  'default-deny': 'no rule allows it, and what is not allowed is denied since',
  l7: 'the connection passes to the proxy, which refuses this request: it allows only what is listed by',
  undecidable: 'Cilium would decide by chance',
};

function sideInWords({ verdict, reason, decidedBy }: SideExplanation): string {
  const word = verdict === 'none' ? 'not judged' : verdict;
  return `${word}${reasons[reason] === 'by' ? ' ' : ': '}${reasons[reason]}${decidedBy.length > 0 ? ':' : ''}`;
}

const mostDeciders = 10;

function detailsOf({ decidedBy, l7, authentication }: SideExplanation, placeOf: PlaceOf): string[] {
  const shown = decidedBy.slice(0, mostDeciders).map((decider) => `  ${ruleInWords(decider, placeOf)}`);
  const rest = decidedBy.length - shown.length;
  return [
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(l7 ? proxyInWords(l7) : []),
    ...authentication.map((mode) => `  mutual authentication: ${mode}`),
  ];
}

function ruleInWords({ policy, rule, path }: Pick<Decider, 'policy' | 'rule' | 'path'>, placeOf: PlaceOf): string {
  const place = placeOf(policy, path);
  return `${policy} ${rule}${place === undefined ? '' : ` (${place})`}`;
}

function proxyInWords({ scope, rules }: L7Explanation): string[] {
  if (scope === 'open') return ['  through the proxy, which lets everything pass'];
  const http = rules.flatMap((rule) =>
    rule.http.map(({ method = '', path = '', host = '', headers }) =>
      ['HTTP', method || 'any method', path || 'any path', host && `host ${host}`, ...headers]
        .filter(Boolean)
        .join(' '),
    ),
  );
  const dns = rules.flatMap((rule) =>
    rule.dns.map(({ matchName, matchPattern }) => `DNS ${matchName ?? matchPattern ?? ''}`),
  );
  const names = rules.flatMap((rule) => rule.serverNames.map((name) => `TLS server name ${name}`));
  const listeners = rules.flatMap(({ listener }) =>
    listener === undefined ? [] : [`what the listener ${listener} lets pass`],
  );
  return [
    '  through the proxy, which then allows only',
    ...[...http, ...dns, ...names, ...listeners].map((each) => `    ${each}`),
  ];
}

function nearestInWords(nearest: readonly NearMiss[], placeOf: PlaceOf): string[] {
  return nearest.flatMap((miss, index) => [
    ...(index === 0 ? ['', 'what came nearest to allowing it:'] : []),
    `  ${miss.direction}: ${ruleInWords(miss, placeOf)}, but`,
    ...miss.differs.map(({ message, path }) => {
      const place = placeOf(miss.policy, path);
      return `    ${message}${place === undefined ? '' : ` (${place})`}`;
    }),
  ]);
}
