/** What the OWASP Core Rule Set's ids mean, by range. Versions 3.3 and 4.x; ranges that only one of them has say so. */
export interface RuleFamily {
  readonly from: number;
  readonly to: number;
  readonly category: string;
  /** Tags that rules of this family carry themselves. */
  readonly tags: readonly string[];
  readonly side: 'inbound' | 'outbound';
  /** What its rules look for, in our words. */
  readonly about: string;
  readonly versions?: readonly ('3.3' | '4')[];
}

export const ruleFamilies: readonly RuleFamily[] = [
  {
    from: 910000,
    to: 910999,
    category: 'reputation',
    tags: ['attack-reputation-ip'],
    side: 'inbound',
    about: 'The client address is known for bad behaviour or comes from a blocked country.',
    versions: ['3.3'],
  },
  {
    from: 911000,
    to: 911999,
    category: 'protocol',
    tags: ['attack-generic'],
    side: 'inbound',
    about: 'The request method is not among those that the site allows.',
  },
  {
    from: 912000,
    to: 912999,
    category: 'DoS',
    tags: ['attack-dos'],
    side: 'inbound',
    about: 'One client sends more requests in a short time than the site accepts.',
    versions: ['3.3'],
  },
  {
    from: 913000,
    to: 913999,
    category: 'scanner',
    tags: ['attack-reputation-scanner', 'attack-reputation-scripting', 'attack-reputation-crawler'],
    side: 'inbound',
    about: 'The request looks like that of a known scanner, script or crawler.',
  },
  {
    from: 920000,
    to: 920999,
    category: 'protocol',
    tags: ['attack-protocol'],
    side: 'inbound',
    about: 'The request breaks the rules of HTTP or uses it in a way that browsers do not.',
  },
  {
    from: 921000,
    to: 921999,
    category: 'protocol attack',
    tags: ['attack-protocol'],
    side: 'inbound',
    about: 'Header injection, response splitting, request smuggling or parameter pollution.',
  },
  {
    from: 922000,
    to: 922999,
    category: 'multipart',
    tags: ['attack-multipart-header', 'attack-deprecated-header', 'attack-protocol'],
    side: 'inbound',
    about: 'A multipart body with headers meant to slip past the inspection.',
  },
  {
    from: 930000,
    to: 930999,
    category: 'LFI',
    tags: ['attack-lfi'],
    side: 'inbound',
    about: 'Path traversal or the name of a system file: an attempt to read files of the server.',
  },
  {
    from: 931000,
    to: 931999,
    category: 'RFI',
    tags: ['attack-rfi'],
    side: 'inbound',
    about: 'An address in a parameter that makes the server load code from elsewhere.',
  },
  {
    from: 932000,
    to: 932999,
    category: 'RCE',
    tags: ['attack-rce'],
    side: 'inbound',
    about: 'Commands of a Unix or Windows shell inside the request.',
  },
  {
    from: 933000,
    to: 933999,
    category: 'PHP injection',
    tags: ['attack-injection-php'],
    side: 'inbound',
    about: 'PHP code, functions, variables or settings inside the request.',
  },
  {
    from: 934000,
    to: 934999,
    category: 'generic injection',
    tags: [
      'attack-injection-nodejs',
      'attack-injection-generic',
      'attack-ssrf',
      'attack-ssti',
      'attack-rce',
      'attack-generic',
    ],
    side: 'inbound',
    about: 'Code for Node.js and other runtimes, server-side requests or templates inside the request.',
  },
  {
    from: 941000,
    to: 941999,
    category: 'XSS',
    tags: ['attack-xss'],
    side: 'inbound',
    about: 'HTML or script that would run in the browser of whoever sees it.',
  },
  {
    from: 942000,
    to: 942999,
    category: 'SQLi',
    tags: ['attack-sqli'],
    side: 'inbound',
    about: 'Pieces of SQL, or of a NoSQL query, that would change what the database is asked.',
  },
  {
    from: 943000,
    to: 943999,
    category: 'session',
    tags: ['attack-fixation'],
    side: 'inbound',
    about: 'An attempt to set the session id of somebody else.',
  },
  {
    from: 944000,
    to: 944999,
    category: 'Java',
    tags: ['attack-rce', 'attack-injection-java'],
    side: 'inbound',
    about: 'Java classes, serialised objects or lookups such as those of Log4Shell.',
  },
  {
    from: 950000,
    to: 954999,
    category: 'leakage',
    tags: ['attack-disclosure'],
    side: 'outbound',
    about: 'The answer shows source code, error messages or directory listings.',
  },
  {
    from: 955000,
    to: 955999,
    category: 'web shell',
    tags: ['attack-rce'],
    side: 'outbound',
    about: 'The answer looks like the page of a web shell.',
    versions: ['4'],
  },
  {
    from: 956000,
    to: 956999,
    category: 'leakage',
    tags: ['attack-disclosure'],
    side: 'outbound',
    about: 'The answer shows errors or source code of Ruby.',
    versions: ['4'],
  },
  {
    from: 200000,
    to: 200099,
    category: 'parser',
    tags: [],
    side: 'inbound',
    about: 'The body could not be parsed, so the other rules could not have looked into it.',
  },
  {
    from: 9_500_000,
    to: 9_999_999,
    category: 'plugin',
    tags: [],
    side: 'inbound',
    about: 'A rule of a plugin of the Core Rule Set.',
    versions: ['4'],
  },
  {
    from: 1,
    to: 99_999,
    category: 'custom',
    tags: [],
    side: 'inbound',
    about: 'A rule of the site itself.',
  },
];

/** Categories by tag, for rules outside the families: a site's own, or another rule set's. */
export const tagCategories: Readonly<Record<string, string>> = {
  'attack-sqli': 'SQLi',
  'attack-xss': 'XSS',
  'attack-lfi': 'LFI',
  'attack-rfi': 'RFI',
  'attack-injection-php': 'PHP injection',
  'attack-injection-java': 'Java',
  'attack-injection-nodejs': 'generic injection',
  'attack-injection-generic': 'generic injection',
  'attack-ssrf': 'generic injection',
  'attack-ssti': 'generic injection',
  'attack-rce': 'RCE',
  'attack-fixation': 'session',
  'attack-disclosure': 'leakage',
  'attack-multipart-header': 'multipart',
  'attack-reputation-scanner': 'scanner',
  'attack-reputation-scripting': 'scanner',
  'attack-reputation-crawler': 'scanner',
  'attack-reputation-ip': 'reputation',
  'attack-dos': 'DoS',
  'attack-protocol': 'protocol',
};

/** Rules that judge the sum of the scores: https://coreruleset.org/docs/2-how-crs-works/2-1-anomaly_scoring/ */
export const evaluationRules: ReadonlySet<string> = new Set(['949110', '949111', '959100', '959101']);

/** Rules of ModSecurity's recommended configuration that deny by themselves. */
export const denyingRules: ReadonlySet<string> = new Set(['200002', '200003', '200004', '200005', '200007']);

/** What a match adds to the score, by severity: critical, error, warning, notice. */
export const severityScores: Readonly<Record<number, number>> = { 2: 5, 3: 4, 4: 3, 5: 2 };

export const defaultThresholds = { inbound: 5, outbound: 4 } as const;

export const unknownCategory = 'unknown';
