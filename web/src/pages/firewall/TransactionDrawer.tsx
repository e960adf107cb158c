import type { ReactNode } from 'react';

export function TransactionDrawer(): ReactNode {
  return null;
}
