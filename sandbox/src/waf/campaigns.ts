/** A wave of attacks from the same addresses. */
export interface Campaign {
  readonly host: 'shop.alpenshop.example' | 'pay.alpenshop.example';
  readonly attacks: readonly string[];
  readonly clients: readonly string[];
  /** Minutes before the start of the sandbox; the end is open where `until` is absent. */
  readonly from: number;
  readonly until?: number;
  readonly perMinute: number;
}

export const background: readonly {
  readonly weight: number;
  readonly host: Campaign['host'];
  readonly attacks: readonly string[];
}[] = [
  {
    weight: 9,
    host: 'shop.alpenshop.example',
    attacks: ['restricted-env', 'restricted-git', 'scanner-wp', 'scanner-nuclei', 'scanner-nikto'],
  },
  {
    weight: 7,
    host: 'shop.alpenshop.example',
    attacks: ['sqli-tautology', 'sqli-union', 'sqli-login', 'sqli-order-by', 'sqli-sleep'],
  },
  { weight: 5, host: 'shop.alpenshop.example', attacks: ['xss-svg', 'xss-script', 'session-cookie'] },
  { weight: 5, host: 'shop.alpenshop.example', attacks: ['lfi-passwd', 'rfi', 'php-wrapper', 'php-code'] },
  {
    weight: 4,
    host: 'shop.alpenshop.example',
    attacks: ['rce-shell', 'rce-subshell', 'log4shell', 'java-ognl', 'nodejs', 'splitting'],
  },
  { weight: 4, host: 'shop.alpenshop.example', attacks: ['method', 'bad-json'] },
  { weight: 3, host: 'pay.alpenshop.example', attacks: ['pay-tautology', 'pay-rce', 'pay-sleep'] },
];

/** Requests that mean no harm and that rules match all the same: some are stopped, some only noted. */
export const falseAlarms: readonly { readonly weight: number; readonly attacks: readonly string[] }[] = [
  { weight: 6, attacks: ['numeric-host', 'no-accept'] },
  { weight: 5, attacks: ['url-encoding', 'fp-percent'] },
  { weight: 3, attacks: ['content-type', 'fp-order'] },
  { weight: 2, attacks: ['fp-js', 'fp-text', 'fp-onload', 'fp-path'] },
];

export const attackers: readonly string[] = [
  '198.51.100.14',
  '198.51.100.178',
  '192.0.2.201',
  '192.0.2.118',
  '192.0.2.90',
  '203.0.113.7',
  '2001:db8:bad:1::7',
  '2001:db8:bad:2::19',
];

/** The addresses of 203.0.113.64/27 that the SQL injection campaign comes from. */
export const campaignClients = [
  '203.0.113.77',
  '203.0.113.81',
  '203.0.113.69',
  '203.0.113.90',
  '203.0.113.74',
  '203.0.113.66',
];

export const sqliCampaign: readonly Campaign[] = [
  {
    host: 'shop.alpenshop.example',
    attacks: ['sqli-union', 'sqli-union-sqlmap', 'sqli-tautology', 'sqli-sleep', 'sqli-order-by'],
    clients: campaignClients,
    from: 120,
    perMinute: 18,
  },
  {
    host: 'pay.alpenshop.example',
    attacks: ['pay-union', 'pay-tautology', 'pay-sleep'],
    clients: campaignClients,
    from: 95,
    perMinute: 2.5,
  },
];

/** Scans of the last 30 days: one every day or two, for a quarter of an hour. */
export const scans: readonly Campaign[] = [2, 3, 5, 8, 9, 12, 15, 16, 19, 22, 25, 28].map((daysAgo, index) => {
  const from = daysAgo * 1440 - index * 97;
  return {
    host: 'shop.alpenshop.example',
    attacks: ['scanner-nuclei', 'scanner-nikto', 'restricted-env', 'restricted-git', 'scanner-wp', 'lfi-passwd'],
    clients: [attackers[index % attackers.length] ?? '198.51.100.14'],
    from,
    until: from - 17,
    perMinute: 16,
  };
});
