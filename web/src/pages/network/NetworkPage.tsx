import type { ReactNode } from 'react';

export function NetworkPage(): ReactNode {
  return null;
}
