/** Addresses outside the cluster that its workloads know by name; the name is what they ask the DNS for. */
export const outside: readonly { readonly name: string; readonly address: string }[] = [
  { name: 'api.psp.example.net', address: '203.0.113.200' },
  { name: 'risk.psp.example.net', address: '203.0.113.201' },
  { name: 'cdn.alpenshop.example', address: '198.51.100.80' },
  { name: 'models.example.net', address: '192.0.2.210' },
  { name: 'otlp.example.org', address: '192.0.2.220' },
  { name: 'git.alpenshop.example', address: '192.0.2.230' },
  { name: 'acme.example.net', address: '198.51.100.90' },
];
