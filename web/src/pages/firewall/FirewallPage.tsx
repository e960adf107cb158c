import type { ReactNode } from 'react';

export function FirewallPage(): ReactNode {
  return null;
}
