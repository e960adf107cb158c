import type { ReactNode } from 'react';
import '../../look/editor.css';
import { Bone } from '../../ui/Bone.tsx';

/** The place of an editor that is on its way. */
export function EditorBones({ title }: { readonly title: string }): ReactNode {
  return (
    <>
      <div className="head">
        <h1>{title}</h1>
      </div>
      <div className="editor" aria-busy="true">
        <div className="left">
          <Bone width="60%" height={28} />
          <Bone width="90%" height={28} />
          <Bone width="100%" height={120} />
        </div>
        <div className="right" />
      </div>
    </>
  );
}
