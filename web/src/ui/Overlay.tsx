import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

interface Props {
  readonly label: string;
  readonly onClose: () => void;
  /** Without a head of its own, where the content has one. */
  readonly isBare?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the page: holds the focus, gives it back, closes with Esc or a click beside it. */
export function Overlay({ label, onClose, isBare = false, children }: Props): ReactNode {
  return (
    <ModalOverlay isOpen isDismissable className="veil" onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className="dialog">
        <Dialog aria-label={label} className="dialog-inside">
          {!isBare && (
            <div className="drawer-head">
              <Heading slot="title" level={2}>
                {label}
              </Heading>
            </div>
          )}
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
