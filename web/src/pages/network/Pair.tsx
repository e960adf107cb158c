import type { ReactNode } from 'react';
import { EndName } from './EndName.tsx';

/** Both ends of a pair, as lists give it: `shop/web -> shop/api`. */
export function Pair({ value }: { readonly value: string }): ReactNode {
  const [from = value, to = ''] = value.split(' -> ');
  return (
    <>
      <EndName name={from} /> <span className="quiet">to</span> <EndName name={to} />
    </>
  );
}
