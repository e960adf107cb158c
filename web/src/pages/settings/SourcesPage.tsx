import type { ReactNode } from 'react';

export function SourcesPage(): ReactNode {
  return null;
}
