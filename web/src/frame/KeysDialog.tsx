import type { ReactNode } from 'react';
import { Overlay } from '../ui/Overlay.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Search or jump to'],
  ['/', 'Filter this page'],
  ['g o', 'Overview'],
  ['g f', 'Firewall'],
  ['g n', 'Network'],
  ['g p', 'Policies'],
  ['g s', 'Settings'],
  ['j, k', 'Next row, previous row'],
  ['Enter', 'Open the row'],
  ['Esc', 'Close what is open'],
  ['Alt click', 'Leave a value out instead of keeping it'],
  ['?', 'This list'],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Overlay label="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Overlay>
  );
}
