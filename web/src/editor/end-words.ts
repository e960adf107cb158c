export interface End {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

/** `shop/web[Deployment]`, or an address, in its parts. */
export function readEnd(end: string): End {
  const match = /^(?:([^/[\]]+)\/)?([^/[\]]+)\[([^\]]+)\]$/.exec(end);
  if (!match) return { namespace: '', name: end, kind: '' };
  return { namespace: match[1] ?? '', name: match[2] ?? '', kind: match[3] ?? '' };
}
